import { CommbenchError } from '../../../src/kernel/errors.ts';
import type { Design } from '../../../src/experiments/loop/design.ts';
import { type Conditions, runDesign } from '../../../src/experiments/loop/run-design.ts';
import type { World } from '../../../src/experiments/loop/world.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { ExperimentRecord, Trial } from '../../../src/record/record.ts';
import type { MissingBroker } from '../../../src/trial/environment/broker-set.ts';
import type { Testbed } from '../../../src/trial/environment/testbed.ts';
import { type Progress, silentProgress, trialLabelText } from '../../../src/trial/progress.ts';
import { phaseOf, trialOf } from '../result.ts';

/** A trial that went well: every call answered and done in a millisecond, a little apart from trial to trial. */
export function made(spec: TrialSpec, more: Partial<Trial> = {}): Trial {
  const {
    id,
    round,
    variant,
    kind,
    system: { pattern },
    load: { phases: windows },
  } = spec;
  const shape = { leastMs: 1, tailMs: 0.02 };
  const phases = windows.map(({ name, fromMs, toMs }, i) =>
    phaseOf(CALLS, shape, shape, 10 * id + i, { name, fromNs: fromMs * 1e6, toNs: toMs * 1e6 }),
  );
  return trialOf({ id, round, variant, kind, case: spec.case, pattern: pattern.id, phases, ...more });
}

/** Over enough time for a median to be known. */
const CALLS = 160;

/** What becomes of trials, and what is in the way of the run. */
export interface Play {
  /** What comes of a trial, in place of real processes. */
  trial(spec: TrialSpec): Trial;
  /** How long each step takes, on the clock of this world. */
  readonly stepMs?: number;
  /** The user interrupts it in the midst of this trial, by its place in the order of all. */
  readonly interruptAt?: number;
  /** A broker that is up and is the user's own. */
  readonly given?: string;
  /** Brokers that can't be had. */
  readonly missing?: ReadonlyMap<string, MissingBroker>;
  /** Share of all cores that other programs use, on the clock of this world. */
  readonly othersAt?: (nowMs: number) => number;
}

export interface Played<D, P extends object> {
  /** As it was returned; undefined where it was interrupted. */
  readonly record: ExperimentRecord<D, P> | undefined;
  /** What was in the file after each save. */
  readonly saved: readonly ExperimentRecord<D, P>[];
  readonly error: unknown;
  /** Everything in its order: `started NAME`, `ran IDS`, `saved COUNT`, `ended NAME: SUMMARY`, `line TEXT`. */
  readonly events: readonly string[];
}

export const CONDITIONS: Conditions = {
  seed: 7,
  outPath: 'result.json',
  generators: 1,
  waitQuietMs: 0,
  isSilent: true,
  brokers: {},
  skipBrokers: false,
  allowRemote: [],
  storeValues: false,
  options: {},
};

const LOOK_MS = 2000;

/** The real loop with made-up trials, on a clock that goes only while they run. */
export async function playDesign<D, P extends object>(
  design: Design<D, P>,
  play: Play,
  conditions = CONDITIONS,
): Promise<Played<D, P>> {
  const events: string[] = [];
  const saved: ExperimentRecord<D, P>[] = [];
  const interruption = new AbortController();
  const progress: Progress = {
    ...silentProgress,
    line: (text) => void events.push(`line ${text}`),
    trialStarted: (label) => void events.push(`started ${trialLabelText(label)}`),
    trialEnded: (label, _state, summary) => void events.push(`ended ${trialLabelText(label)}: ${summary}`),
  };
  const world = worldOf(play, interruption, events, (record) => saved.push(record as ExperimentRecord<D, P>));
  const watching = { progress, signal: interruption.signal };
  try {
    const record = await runDesign(design, conditions, watching, world);
    return { record, saved, error: undefined, events };
  } catch (error) {
    return { record: undefined, saved, error, events };
  }
}

function worldOf(
  {
    trial,
    stepMs = 1000,
    interruptAt = Infinity,
    given,
    missing = new Map<string, MissingBroker>(),
    othersAt,
  }: Play,
  interruption: AbortController,
  events: string[],
  keep: (record: unknown) => void,
): World {
  let nowMs = 0;
  let ran = 0;
  return {
    openTestbed: async ({ progress, signal }) =>
      ({
        progress,
        signal,
        brokers: new Map(given === undefined ? [] : [[given, brokerAt(given)]]),
        [Symbol.asyncDispose]: async () => void events.push('closed'),
      }) as unknown as Testbed & AsyncDisposable,
    startBrokers: async () => ({ missing: new Map(missing), warmed: new Map() }),
    async lookAtMachine() {
      if (othersAt === undefined) return { others: null };
      nowMs += LOOK_MS;
      return { others: othersAt(nowMs) };
    },
    careForBrokers: () => ({ before: async () => undefined, after: async () => undefined }),
    async runTrials(_testbed, specs) {
      ran += specs.length;
      if (ran >= interruptAt) {
        interruption.abort(new CommbenchError('interrupted', 'Interrupted'));
        throw interruption.signal.reason;
      }
      nowMs += stepMs;
      events.push(`ran ${specs.map(({ id }) => id).join(', ')}`);
      return specs.map((spec) => ({ trial: trial(spec) }));
    },
    nowMs: () => nowMs,
    save(_file, record) {
      // What is written then is not changed by what comes later.
      const written: unknown = JSON.parse(JSON.stringify(record));
      keep(written);
      events.push(`saved ${(written as { trials: unknown[] }).trials.length}`);
    },
  };
}

function brokerAt(name: string) {
  return { name, source: 'url', version: '1', url: 'amqp://127.0.0.1' };
}
