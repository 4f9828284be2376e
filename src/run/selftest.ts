import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CommbenchError } from '../kernel/errors.ts';
import type { Scenario } from '../scenario/schema.ts';
import { startBrokers } from './broker-set.ts';
import type { Progress } from './progress.ts';
import { openRig, type Rig } from './rig.ts';
import { resolveRows } from './rows.ts';
import { exactQuantilesCheck } from './selftest-exact.ts';
import { freezeChecks, generatorFreezeChecks, holdCheck, plantChecks } from './selftest-checks.ts';
import type { Row, TrialSpec } from './spec.ts';
import type { Seen, SelftestCheck } from './selftest-check.ts';
import { runTrial } from './trial.ts';

export interface SelftestReport {
  readonly checks: readonly SelftestCheck[];
}

export interface SelftestOptions {
  readonly brokers: Readonly<Record<string, string>>;
  readonly skipBrokers: boolean;
  /** Hosts besides this machine on which a given broker may be. */
  readonly allowRemote: readonly string[];
  readonly patterns: Scenario['patterns'];
  readonly seed: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * The instrument's own truth test: plants known holds, freezes and delivery defects from outside
 * (signals, the service process) and compares what is reported with what was planted.
 */
export async function runSelftest(options: SelftestOptions): Promise<SelftestReport> {
  const rows = await resolveRows({ patterns: options.patterns } as Scenario, {
    patterns: undefined,
    targets: {},
    allowRemote: [],
  });
  await using rig = await openRig(options);
  const { missing } = await startBrokers(rig, rows, {
    urls: options.brokers,
    allowRemote: options.allowRemote,
    skip: options.skipBrokers,
  });
  const plants = mkdtempSync(path.join(os.tmpdir(), 'commbench-plants-'));
  try {
    const checks: SelftestCheck[] = [];
    for (const row of rows) {
      const why = missing.get(row.definition.broker?.name ?? '');
      checks.push(...(why ? [notRun(row, why.reason)] : await testRow(rig, row, options.seed, plants)));
    }
    return { checks };
  } finally {
    rmSync(plants, { recursive: true, force: true });
  }
}

function notRun(row: Row, reason: string): SelftestCheck {
  return {
    name: row.title,
    planted: 'everything',
    reported: 'not run',
    tolerance: '',
    passed: false,
    note: reason,
  };
}

async function testRow(rig: Rig, row: Row, seed: number, folder: string): Promise<SelftestCheck[]> {
  const plantsLog = path.join(folder, `${row.id}.ndjson`);
  const specs = specsOf(row, seed, plantsLog);
  const seen = {} as Record<keyof typeof specs, Seen>;
  for (const [name, spec] of Object.entries(specs) as [keyof typeof specs, TrialSpec][]) {
    rig.progress.line(`${row.title}: ${DESCRIPTIONS[name]}`);
    seen[name] = await must(rig, spec);
  }
  return [
    holdCheck(row, seen.floor, seen.hold),
    ...freezeChecks(row, seen.frozen),
    ...generatorFreezeChecks(row, seen.stalled),
    ...plantChecks(row, seen.planted, readFileSync(plantsLog, 'utf8')),
    exactQuantilesCheck(row, Object.values(seen)),
  ];
}

/** @throws CommbenchError child-failed: a selftest with a failed trial says nothing */
async function must(rig: Rig, spec: TrialSpec): Promise<Seen> {
  const { trial, raw } = await runTrial(rig, spec);
  if (!raw) throw new CommbenchError('child-failed', `A trial of the selftest failed: ${trial.failure}`);
  return { trial, raw };
}

const DESCRIPTIONS = {
  floor: 'null service, 200/s',
  hold: 'a 20 ms hold, 200/s',
  frozen: 'the service frozen for 1.4 s, 500/s',
  stalled: 'the generator frozen for 1.4 s, 500/s',
  planted: 'a message lost, one doubled, one reordered',
} as const;

export const FREEZE_MS = 1400;

function specsOf(row: Row, seed: number, plantsLog: string) {
  const base = {
    round: 1,
    row,
    contract: 'users',
    mix: [{ operation: 'createUser', share: 1 }],
    keys: 10,
    seed,
    deadlineMs: 5000,
    drainMs: 10_000,
    warmUp: { calls: 3000, concurrency: 16, forMs: 0 },
    settle: { window: 50, maxWindows: 3 },
    kind: 'latency' as const,
    variant: null,
    notes: [],
    faults: [],
    countBytes: false,
  };
  const service = { slots: 10, queue: 2000, holdMs: 0, plants: null };
  const lasting = (durationMs: number, ratePerS: number) => ({
    load: { shape: 'constant' as const, ratePerS },
    durationMs,
    phases: [{ name: 'baseline' as const, fromMs: 0, toMs: durationMs }],
  });
  const freeze = (on: 'service' | 'generator', atMs: number) => [
    { do: 'freeze' as const, on, atMs, forMs: FREEZE_MS },
  ];
  const plants = { lose: [50], double: [120], reorder: [200], logPath: plantsLog };
  return {
    floor: {
      ...base,
      ...lasting(2000, 200),
      id: 1,
      contract: 'null',
      mix: [{ operation: 'nothing', share: 1 }],
      service,
    },
    hold: { ...base, ...lasting(2000, 200), id: 2, service: { ...service, holdMs: 20 } },
    frozen: { ...base, ...lasting(10_000, 500), id: 3, service, faults: freeze('service', 4000) },
    stalled: { ...base, ...lasting(6000, 500), id: 4, service, faults: freeze('generator', 2000) },
    // One key, and 5 ms between messages: what is planted is all that is out of order on a quiet machine.
    planted: {
      ...base,
      ...lasting(2000, 200),
      id: 5,
      keys: 1,
      drainMs: 2000,
      service: { ...service, slots: 2, plants },
    },
  } satisfies Record<string, TrialSpec>;
}
