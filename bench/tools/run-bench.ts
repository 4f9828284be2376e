import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError } from '../../src/kernel/errors.ts';
import { shuffled } from '../../src/kernel/random.ts';
import { describeEnvironment } from '../../src/record/environment.ts';
import { formatMs, plural } from '../../src/report/format.ts';
import { BENCH_VERSION, type TestedTool, type BenchRecord, type Turn, type Work } from './record.ts';
import { writeResult } from '../../src/record/store.ts';
import type { Progress } from '../../src/trial/progress.ts';
import { openTestbed, type Testbed } from '../../src/trial/environment/testbed.ts';
import type { Tools } from './find-tools.ts';
import type { FoundTool } from './tool.ts';
import { environmentOf, refusal, takeTurn, waitForQuiet } from './turn.ts';
import { type WorkOptions, worksOf } from './works.ts';

export interface BenchOptions extends WorkOptions {
  readonly tools: Tools;
  readonly rounds: number;
  readonly connections: number;
  readonly seed: number;
  /** Before each turn at most so long, until others leave the machine alone. */
  readonly waitQuietMs: number;
  readonly outPath: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Given what is known so far, as soon as there is something. */
  begun(record: BenchRecord): void;
}

/** Starting a referee and a tool, besides its work: for the estimate. */
const TURN_MS = 1500;
const VERSION_MS = 10_000;

/**
 * Puts every tool to the same works, interleaved: in each round, for each work, in an order of its own.
 * @throws CommbenchError interrupted, terminated, reaper-lost, disk-full: the record is as far as it came
 */
export async function runBench(options: BenchOptions): Promise<BenchRecord> {
  const { tools, progress, signal, outPath } = options;
  await using testbed = await openTestbed({ progress, signal });
  const record = await newRecord(testbed, options);
  options.begun(record);
  const save = () => {
    record.finishedAt = new Date().toISOString();
    writeResult(outPath, record);
  };
  progress.line(estimate(record, tools.found, options.rounds));
  try {
    for (const plan of plansOf(record, tools.found, options)) {
      const turn = await takeNamed(testbed, plan, options);
      if (turn) record.turns.push(turn);
      save();
    }
    record.state = 'complete';
  } catch (error) {
    record.state = 'interrupted';
    throw error;
  } finally {
    save();
  }
  return record;
}

interface Planned {
  readonly id: string;
  readonly name: string;
  readonly work: Work;
  readonly round: number;
  readonly found: FoundTool;
}

function plansOf(
  { works }: BenchRecord,
  found: readonly FoundTool[],
  { rounds, seed }: BenchOptions,
): Planned[] {
  const plans: Planned[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const work of works) {
      const fitting = found.filter(({ tool }) => tool.protocol === work.protocol);
      for (const one of shuffled(fitting, seed, `judge ${work.id}`, round)) {
        const name = `${one.tool.name} ${work.id}, round ${round} of ${rounds}`;
        plans.push({ id: `turn-${plans.length + 1}`, name, work, round, found: one });
      }
    }
  }
  return plans;
}

async function takeNamed(testbed: Testbed, plan: Planned, options: BenchOptions): Promise<Turn | undefined> {
  testbed.signal.throwIfAborted();
  await waitForQuiet(testbed, options.waitQuietMs);
  const label = { name: plan.name };
  testbed.progress.trialStarted(label);
  const turn = await takeTurn(testbed, { ...plan, connections: options.connections });
  const summary =
    turn?.failure ?? (turn ? `${plural(turn.seen?.count ?? 0, 'request')} arrived` : 'not its work');
  testbed.progress.trialEnded(label, turn && turn.failure === null ? 'done' : 'failed', summary);
  return turn;
}

function estimate({ works, tools }: BenchRecord, found: readonly FoundTool[], rounds: number): string {
  const ms = works
    .map((work) => {
      const count = found.filter(({ tool }) => tool.protocol === work.protocol).length;
      return count * (work.seconds * 1000 + TURN_MS);
    })
    .reduce((sum, one) => sum + one, 0);
  const missing = tools.filter(({ isThere }) => !isThere).map(({ name }) => name);
  const lacking = missing.length > 0 ? `; not found: ${missing.join(', ')}` : '';
  return `Measuring ${found.map(({ tool }) => tool.name).join(', ')}: about ${formatMs(ms * rounds)}${lacking}`;
}

async function newRecord(testbed: Testbed, options: BenchOptions): Promise<BenchRecord> {
  const { tools, rounds, connections, seed } = options;
  const environment = describeEnvironment();
  const own = String(environment['commbench']);
  const protocols = [...new Set(tools.found.map(({ tool }) => tool.protocol))];
  const found: TestedTool[] = [];
  for (const one of tools.found) {
    const { name, protocol, get, program } = one.tool;
    const version = program === undefined ? own : await versionOf(testbed, one);
    found.push({ name, protocol, version, isThere: true, get });
  }
  const missing = tools.missing.map(({ name, protocol, get }) => {
    return { name, protocol, version: null, isThere: false, get };
  });
  return {
    format: 'commbench-judge',
    version: BENCH_VERSION,
    commbench: own,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    state: 'running',
    seed,
    rounds,
    connections,
    environment,
    works: protocols.flatMap((protocol) => worksOf(protocol, options)),
    tools: [...found, ...missing],
    turns: [],
  };
}

/** Its first figure with a dot, as every tool prints more around it; null: it says none. */
async function versionOf(testbed: Testbed, found: FoundTool): Promise<string | null> {
  const { tool, file, first } = found;
  if (!tool.version) return null;
  const outputPath = path.join(testbed.folder, `version-${tool.name.replaceAll(/\W/g, '-')}.log`);
  const args = [...first, tool.version];
  const started = await testbed.spawner
    .spawn({ name: `version-${tool.name}`, file, args, env: environmentOf(found), outputPath })
    .catch(refusal);
  // Its turns will say so.
  if (started instanceof CommbenchError) return null;
  await using program = started;
  const bound = AbortSignal.any([testbed.signal, AbortSignal.timeout(VERSION_MS)]);
  const { promise: late, resolve } = Promise.withResolvers<void>();
  bound.addEventListener('abort', () => resolve(), { once: true });
  await Promise.race([program.ended, late]);
  return /\d+\.\d+(?:\.[\w-]+)*/.exec(readFileSync(outputPath, 'utf8'))?.[0] ?? null;
}
