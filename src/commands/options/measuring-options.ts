import { givenUrls } from '../../components/broker/given-urls.ts';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import { redactUrl } from '../../kernel/redact.ts';
import type { Override } from '../../scenario/load/override.ts';
import { newSeed } from './new-seed.ts';

/** Options of commands that measure, each of which has those that it adds. */

/** Which scenario, and what of it. */
export interface ScenarioOptions {
  readonly set?: readonly Override[];
  /** Ids of rows; absent: all. */
  readonly patterns?: readonly string[] | undefined;
  /** URLs to drive in place of our services, by row. */
  readonly target?: Readonly<Record<string, string>>;
}

/** Under which conditions. */
export interface ConditionOptions {
  readonly seed?: number | undefined;
  readonly generators?: number;
  readonly broker?: readonly string[];
  readonly skipBrokers?: true;
  readonly allowRemote?: readonly string[];
}

/** The conditions, complete. @throws CommbenchError bad-option */
export async function conditionsOf(env: NodeJS.ProcessEnv, asked: ConditionOptions) {
  const names = (await brokerDefinitions()).map((broker) => broker.name);
  return {
    seed: asked.seed ?? newSeed(),
    generators: asked.generators ?? 1,
    brokers: givenUrls(asked.broker ?? [], names, env),
    skipBrokers: asked.skipBrokers ?? false,
    allowRemote: asked.allowRemote ?? [],
  };
}

/** What the user asked for, as every record has it: without credentials. */
export function recordedOptions(
  { generators, brokers, skipBrokers, allowRemote }: Omit<Awaited<ReturnType<typeof conditionsOf>>, 'seed'>,
  { patterns, target = {} }: Pick<ScenarioOptions, 'patterns' | 'target'>,
): Record<string, unknown> {
  return {
    patterns: patterns ?? null,
    generators,
    targets: redactedUrls(target),
    brokers: redactedUrls(brokers),
    skipBrokers,
    allowRemote,
  };
}

function redactedUrls(urls: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, redactUrl(url)]));
}
