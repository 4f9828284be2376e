import type { LoadShape } from '../../kernel/load-shape.ts';
import { mixOf, requestNamesOf } from '../../scenario/schema/target-requests.ts';
import { edgeId } from '../../scenario/schema/topology-schema.ts';
import { brokerNameOf, brokerVersionOf, usedBroker } from '../patterns/used-broker.ts';
import { generatorsOf } from '../patterns/generators.ts';
import type { Result } from '../../record/record.ts';
import type { DifferenceValue } from './comparison.ts';
import type { PatternSide } from './matched-patterns.ts';

/** A property of a result's making. */
export interface Fact {
  readonly what: string;
  /** The one pattern it applies to: the pattern's id, or `patternName` under a variant. Null: all. */
  readonly pattern: string | null;
  /** factor: the subject of a comparison. confounder: should be the same on both sides. */
  readonly role: 'factor' | 'confounder';
  readonly value: DifferenceValue;
}

type Role = Fact['role'];

/** Properties of the machine and its programs; those that an older result lacks are not compared. */
const MACHINE: Readonly<Record<string, string>> = {
  'machine.cpu': 'cpu',
  'machine.cores': 'coresUsable',
  'machine.arch': 'arch',
  'machine.kernel': 'kernel',
  'machine.governor': 'governor',
  'machine.container': 'container',
  node: 'node',
  commbench: 'commbench',
};

/** Everything in which two results may differ. Seeds and the number of rounds may differ freely. */
export function factsOf(result: Result, lines: readonly PatternSide[]): Fact[] {
  return [
    ...machineFacts(result),
    ...scenarioFacts(result),
    ...edgeBrokerFacts(result),
    ...lines.flatMap(patternFacts),
  ];
}

function machineFacts(result: Result): Fact[] {
  const { environment } = result;
  const all = (role: Role, what: string, key: string): Fact[] => {
    const value = environment[key];
    return value == null ? [] : [{ what, pattern: null, role, value: String(value) }];
  };
  const libraries = Object.keys(environment).filter((key) => key.startsWith('library.'));
  const generators = String(generatorsOf(result));
  return [
    { what: 'generators', pattern: null, role: 'confounder', value: generators },
    ...Object.entries(MACHINE).flatMap(([what, key]) => all('confounder', what, key)),
    ...libraries.flatMap((key) => all('factor', key, key)),
  ];
}

function scenarioFacts({ scenario }: Result): Fact[] {
  const {
    contract,
    mix,
    load,
    durationMs,
    deadlineMs,
    keys,
    warmUp,
    faults,
    cases,
    serviceOutage,
    brokerOutage,
  } = scenario;
  const { service, services, edges, policies } = scenario;
  const fact = factsUnder(null);
  const same = { contract, mix: byName(mix, 'operation'), durationMs, deadlineMs, keys, warmUp };
  const named = edges.map((edge) => ({ ...edge, id: edgeId(edge) }));
  return [
    { what: 'rate', pattern: null, role: 'confounder', value: rateOf(load) },
    ...fact('confounder', { ...same, faults, cases, outage: serviceOutage, middle: brokerOutage }),
    ...fact('factor', { service, services, edges: named, policies }),
  ];
}

/** Brokers behind edges of the topology alone: those of a pattern are facts of the pattern. */
function edgeBrokerFacts({ brokers, patterns }: Result): Fact[] {
  const ofPatterns = new Set(patterns.map(brokerNameOf));
  return brokers
    .filter(({ name }) => !ofPatterns.has(name))
    .map((broker) => ({
      what: `broker.${broker.name}`,
      pattern: null,
      role: 'confounder',
      value: brokerVersionOf(broker),
    }));
}

function patternFacts({ result, pattern }: PatternSide): Fact[] {
  const { record } = pattern;
  const own = result.scenario.patterns.find(({ id }) => id === record.id);
  const { label, ...promise } = record.guarantee;
  const target = result.scenario.targets[record.id];
  const mix = target && requestNamesOf(target).length > 0 ? mixOf(target) : own?.mix;
  const fact = factsUnder(record.id);
  return [
    ...fact('confounder', {
      interaction: record.interaction,
      subscribers: record.subscribers,
      guarantee: [label, ...Object.values(promise)].join('; '),
      broker: usedBroker(result, record),
      mix: mix && byName(mix, 'operation'),
    }),
    ...rateFact(record.id, own?.load),
    ...fact('factor', {
      client: record.client,
      transport: record.transport,
      target: record.target,
      options: own?.options,
      patience: record.patience === 'refuse' ? undefined : record.patience,
    }),
    ...fact('factor', { target }),
    ...variantFacts({ result, pattern }),
  ];
}

/** Examples: `rest`, or `rest under 10 kB` under a variant. */
export function patternName({ record, variant }: PatternSide['pattern']): string {
  return variant === null ? record.id : `${record.id} under ${variant}`;
}

function factsUnder(pattern: string | null) {
  return (role: Role, all: Record<string, unknown>) =>
    leavesOf(all).map(([what, value]): Fact => ({ what, pattern, role, value }));
}

/** Variants of the same title may still differ. */
function variantFacts({ result, pattern }: Pick<PatternSide, 'result' | 'pattern'>): Fact[] {
  const variant = result.scenario.variants.find(({ title }) => title === pattern.variant);
  if (!variant) return [];
  const name = patternName(pattern);
  const fact = factsUnder(name);
  const { contract, mix, load, service, services, edges } = variant;
  return [
    ...fact('confounder', { contract, mix: mix && byName(mix, 'operation') }),
    ...rateFact(name, load),
    ...fact('factor', { service, services, edges }),
  ];
}

/** Each side draws its own switchback blocks, and a spike may come at another time: only the rates are compared. */
function rateOf(load: LoadShape): LoadShape {
  if (load.shape === 'spike') return { ...load, atMs: 0 };
  return load.shape === 'blocks' ? { shape: 'constant', ratePerS: load.ratePerS } : load;
}

function rateFact(pattern: string, load: LoadShape | null | undefined): Fact[] {
  return load ? [{ what: 'rate', pattern, role: 'confounder', value: rateOf(load) }] : [];
}

function byName<T>(list: readonly T[], key: keyof T): Record<string, T> {
  return Object.fromEntries(list.map((one) => [String(one[key]), one]));
}

/** Leaves of a tree with their paths, such as `service.processingMs`, `2`. Members of lists go by their ids. */
function leavesOf(tree: unknown, path = ''): [string, string][] {
  if (tree === undefined || tree === null) return [];
  if (typeof tree !== 'object') return [[path, typeof tree === 'string' ? tree : JSON.stringify(tree)]];
  const entries = Array.isArray(tree)
    ? tree.map((one: unknown, i) => [(one as { id?: string } | null)?.id ?? String(i + 1), one] as const)
    : Object.entries(tree);
  return entries.flatMap(([key, value]) => leavesOf(value, path === '' ? key : `${path}.${key}`));
}
