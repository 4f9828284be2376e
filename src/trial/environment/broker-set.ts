import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../platform/packages/cache-folder.ts';
import type { BrokerDefinition, StartedBroker } from '../../kernel/broker.ts';
import type { AvailablePlan, StartContext } from '../../kernel/component.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { allOf, boundedBy, untilAborted } from '../../kernel/wait.ts';
import { uniqueBrokers } from '../../kernel/catalogue.ts';
import { watchStopped } from '../../platform/process/stopped-watch.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import { loadBrokerDefinition } from '../../components/broker/broker-definitions.ts';
import type { Testbed } from './testbed.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';

/** Reason why a pattern is not run, and the one command that helps. */
export interface MissingBroker {
  readonly reason: string;
  readonly hint: string | null;
}

export interface BrokerChoice {
  /** URLs of the user's brokers, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Hosts besides this machine that the user allowed by name. */
  readonly allowRemote: readonly string[];
  /** Nothing is fetched or started: patterns that need a broker without a URL are not run. */
  readonly skip: boolean;
  /** Loads a broker definition by name; default: `components/broker`. */
  readonly load?: (name: string) => Promise<BrokerDefinition>;
}

/** A task beside the fetching of brokers; disposing ends it. */
export type Meanwhile = () => AsyncDisposable;

type Choice = Pick<BrokerChoice, 'urls' | 'allowRemote' | 'load'>;

/** A broker to be started, and its source. */
interface Planned {
  readonly definition: BrokerDefinition;
  readonly context: StartContext;
  readonly plan: AvailablePlan;
}

/**
 * Starts these brokers and warms each, so that all are up and idle before the first trial (DESIGN 3, Fairness). A broker that cannot be obtained is reported by name, for the patterns that need it; the others
 * still run.
 * @param meanwhile begun when one must be fetched first, ended before any is measured
 */
export async function startBrokers(
  testbed: Testbed,
  needed: readonly BrokerIdentity[],
  choice: BrokerChoice,
  meanwhile?: Meanwhile,
): Promise<{ missing: Map<string, MissingBroker>; warmed: Map<string, string> }> {
  const missing = new Map<string, MissingBroker>();
  const warmed = new Map<string, string>();
  const note = ({ name }: BrokerIdentity, end: string | MissingBroker) =>
    typeof end === 'string' ? warmed.set(name, end) : missing.set(name, end);
  const planned: Planned[] = [];
  const all = await allOf(needed.map((broker) => findOne(testbed, broker, choice)));
  for (const [i, found] of all.entries()) {
    if ('reason' in found) note(needed[i]!, found);
    else planned.push(found);
  }
  const ends = await bringUp(testbed, planned, choice, meanwhile);
  for (const [i, end] of ends.entries()) note(planned[i]!.definition, end);
  return { missing, warmed };
}

/** In parallel: fetching and starting is mostly waiting. */
async function bringUp(
  testbed: Testbed,
  planned: readonly Planned[],
  choice: Choice,
  meanwhile: Meanwhile | undefined,
): Promise<(string | MissingBroker)[]> {
  const isFetched = planned.some(({ plan }) => plan.fetch !== undefined);
  await using _aside = isFetched && meanwhile ? meanwhile() : undefined;
  return await allOf(planned.map((one) => startEarlierOrOwn(testbed, one, choice)));
}

/** One that was started earlier may have ended, or stand still: then the run starts its own. */
async function startEarlierOrOwn(
  testbed: Testbed,
  planned: Planned,
  choice: Choice,
): Promise<string | MissingBroker> {
  const end = await startWarm(testbed, planned);
  if (typeof end === 'string' || planned.plan.source !== 'persistent') return end;
  testbed.progress.line(end.reason);
  return startAgain(testbed, planned.definition, choice);
}

async function startAgain(
  testbed: Testbed,
  broker: BrokerIdentity,
  choice: Choice,
): Promise<string | MissingBroker> {
  const found = await findOne(testbed, broker, { ...choice, skip: false });
  return 'reason' in found ? found : startWarm(testbed, found);
}

/**
 * Starts a broker once more after it was lost during a trial.
 * @returns whether it is up again
 */
export async function restartBroker(
  testbed: Testbed,
  broker: BrokerIdentity,
  choice: Choice,
): Promise<boolean> {
  await dropBroker(testbed, broker.name);
  testbed.progress.line(`${broker.title} was lost; restarting it`);
  return typeof (await startAgain(testbed, broker, choice)) === 'string';
}

/** Ends a broker: the next trial that needs it starts another. */
export async function dropBroker(testbed: Testbed, name: string): Promise<void> {
  const broker = testbed.brokers.get(name);
  testbed.brokers.delete(name);
  await broker?.[Symbol.asyncDispose]();
}

/**
 * Starts and warms a broker; it may be lost during warming too.
 * @returns how it was warmed, or why it is not available
 */
async function startWarm(testbed: Testbed, planned: Planned): Promise<string | MissingBroker> {
  const { name, title } = planned.definition;
  const started = await startOne(testbed, planned);
  if ('reason' in started) return started;
  testbed.brokers.set(name, started);
  testbed.progress.line(`${title} ${started.version} is up (${started.source})`);
  try {
    return await warmInTime(testbed, started);
  } catch (error) {
    if (testbed.signal.aborted) throw testbed.signal.reason;
    await dropBroker(testbed, name);
    const why = error instanceof Error ? error.message : String(error);
    return { reason: `${title} was lost during its warm-up: ${why}`, hint: 'run the command again' };
  }
}

/** Many times as long as on a quiet machine. */
const WARM_MS = 180_000;

/** Warms a broker that may stand still meanwhile. @throws Error: it did, or took too long; what the run was aborted with */
export async function warmInTime({ signal: run }: Testbed, broker: StartedBroker): Promise<string> {
  const over = new AbortController();
  using bound = boundedBy(AbortSignal.any([run, over.signal]), WARM_MS);
  using _watch = watchStopped(
    () => broker.pids,
    (words) => over.abort(new Error(`it ${words}`)),
  );
  return await untilAborted(broker.warm(bound.signal), bound.signal);
}

/** Brokers that patterns need themselves; a target needs none. */
export function neededBy(patterns: readonly ResolvedPattern[]): BrokerIdentity[] {
  return uniqueBrokers(patterns.flatMap((pattern) => brokersOf(pattern, undefined)));
}

async function findOne(
  testbed: Testbed,
  { name, title }: BrokerIdentity,
  choice: BrokerChoice,
): Promise<Planned | MissingBroker> {
  if (choice.skip && choice.urls[name] === undefined) {
    return { reason: `${title} was skipped (--skip-brokers)`, hint: 'run again without --skip-brokers' };
  }
  const folder = mkdtempSync(path.join(testbed.folder, `${name}-`));
  const context: StartContext = {
    url: choice.urls[name],
    allowRemote: choice.allowRemote,
    cacheFolder: cacheFolder(),
    signal: testbed.signal,
    spawner: testbed.spawner,
    folder,
    progress: (line) => testbed.progress.line(line),
  };
  const definition = await (choice.load ?? loadBrokerDefinition)(name);
  const plan = await definition.find(context);
  if (plan.state === 'available') return { definition, context, plan };
  return { reason: `${title} is not available: ${plan.searched.join('; ')}`, hint: plan.hint };
}

async function startOne(
  testbed: Testbed,
  { definition, context, plan }: Planned,
): Promise<StartedBroker | MissingBroker> {
  try {
    return await definition.start(plan, context);
  } catch (error) {
    if (testbed.signal.aborted) throw testbed.signal.reason;
    if (!(error instanceof CommbenchError)) throw error;
    return { reason: error.message, hint: error.hint ?? null };
  }
}
