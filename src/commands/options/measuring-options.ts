import { givenUrls } from '../../components/broker/given-urls.ts';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import { draw } from '../../kernel/random.ts';
import { redactUrl } from '../../kernel/redact.ts';
import type { Override } from '../../scenario/load/override.ts';

/** Options of commands that measure; each command adds those that it has. */

/** The part of the scenario that is measured. */
export interface ScenarioOptions {
  readonly set?: readonly Override[];
  /** Ids of patterns; absent: all. */
  readonly patterns?: readonly string[] | undefined;
  /** URLs to drive in place of our services, by pattern. */
  readonly target?: Readonly<Record<string, string>>;
}

/** Conditions of the measurement. */
export interface ConditionOptions {
  readonly seed?: number | undefined;
  readonly generators?: number;
  readonly waitQuiet?: number;
  readonly maxTime?: number;
  readonly broker?: readonly string[];
  readonly skipBrokers?: true;
  readonly allowRemote?: readonly string[];
  readonly storeValues?: true;
}

/** The same, complete. */
export interface MeasuringConditions {
  readonly seed: number;
  /** Processes that share the schedule of each trial. */
  readonly generators: number;
  /** How long to wait for a quiet machine before the first trial, at most; 0 = not. */
  readonly waitQuietMs: number;
  /** A plan that takes longer is refused; absent: the experiment has a budget. */
  readonly maxTimeMs?: number;
  /** Broker URLs given by the user, by the broker's name. */
  readonly brokers: Readonly<Record<string, string>>;
  readonly skipBrokers: boolean;
  /** Hosts besides this machine that the user allowed by name. */
  readonly allowRemote: readonly string[];
  /** Values of targets are stored in the result. */
  readonly storeValues: boolean;
}

/** @throws CommbenchError bad-option */
export async function conditionsOf(
  env: NodeJS.ProcessEnv,
  asked: ConditionOptions,
): Promise<MeasuringConditions> {
  const names = (await brokerDefinitions()).map((broker) => broker.name);
  return {
    seed: asked.seed ?? newSeed(),
    generators: asked.generators ?? 1,
    waitQuietMs: asked.waitQuiet ?? 0,
    ...(asked.maxTime === undefined ? {} : { maxTimeMs: asked.maxTime }),
    brokers: givenUrls(asked.broker ?? [], names, env),
    skipBrokers: asked.skipBrokers ?? false,
    allowRemote: asked.allowRemote ?? [],
    storeValues: asked.storeValues ?? false,
  };
}

/** Runs of different seeds are different samples; the seed is printed, and `replay` uses it again. */
export function newSeed(): number {
  return Math.floor(draw(process.pid, 'seed', Date.now()) * 1_000_000);
}

/** The user's options as every record has them: without credentials. */
export function recordedOptions(
  {
    generators,
    waitQuietMs,
    brokers,
    skipBrokers,
    allowRemote,
    storeValues,
  }: Omit<MeasuringConditions, 'seed'>,
  { patterns, target = {} }: Pick<ScenarioOptions, 'patterns' | 'target'>,
): Record<string, unknown> {
  return {
    patterns: patterns ?? null,
    generators,
    waitQuietMs,
    targets: storeValues ? target : redactedUrls(target),
    brokers: redactedUrls(brokers),
    skipBrokers,
    allowRemote,
  };
}

function redactedUrls(urls: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, redactUrl(url)]));
}
