import { hasSubscribers } from '../contracts/interactions.ts';
import type { Catalogue } from '../kernel/catalogue.ts';
import type { Patience } from '../contracts/patience.ts';
import { assertLoopback } from '../platform/net/loopback.ts';
import type { TlsSettings } from '../kernel/target-outlet.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import { HIDDEN, redactUrl } from '../kernel/redact.ts';
import { clientVersion } from '../record/environment.ts';
import type { PatternRecord } from '../record/record.ts';
import type { Pattern, Scenario } from '../scenario/schema/schema.ts';
import { shownTarget } from '../scenario/load/target-secrets.ts';
import { resolveTarget, type TargetSources } from './pattern-target.ts';
import type { ResolvedPattern, PatternTarget } from './spec.ts';

export interface PatternChoice {
  /** Ids of the patterns to run; undefined: all. */
  readonly patterns: readonly string[] | undefined;
  /** The user's own URLs, by pattern id, in place of those of the scenario's `targets`. */
  readonly targets?: Readonly<Record<string, string>>;
  /** Brokers' URLs, by name, for targets that are queues and topics. */
  readonly brokers?: Readonly<Record<string, string>>;
  /** Hosts that are not loopback and are allowed as targets. */
  readonly allowRemote?: readonly string[];
}

/**
 * Finds the transport of each chosen pattern and completes its options.
 * @param scenario one in which `check` found no problem
 * @throws CommbenchError remote-target; bad-option, bad-scenario for an incomplete target
 */
export async function resolvePatterns(
  scenario: Scenario,
  { patterns, targets = {}, brokers = {}, allowRemote = [] }: PatternChoice,
  catalogue: Catalogue,
): Promise<ResolvedPattern[]> {
  const edgeTransports = transportsOfEdges(scenario, catalogue);
  const resolved = scenario.patterns
    .filter(({ id }) => patterns?.includes(id) ?? true)
    .map((pattern) => {
      const { id } = pattern;
      const sources = { option: targets[id], target: scenario.targets[id], brokers };
      return {
        ...resolvePattern(pattern, sources, catalogue),
        patience: patienceOf(scenario, pattern),
        edgeTransports,
      };
    });
  const urls = resolved.flatMap(({ target }) => [target?.url, target?.completion?.url]);
  for (const url of urls) if (url !== undefined) await assertLoopback(url, allowRemote);
  return resolved;
}

/** Transports of every edge, in any variant. */
function transportsOfEdges(
  { edges, variants }: Scenario,
  catalogue: Catalogue,
): Map<string, TransportDefinition> {
  const changed = variants.flatMap((variant) => variant.edges ?? []);
  const names = new Set([...edges, ...changed].flatMap(({ transport }) => transport ?? []));
  return new Map([...names].map((name) => [name, definitionIn(catalogue, name)]));
}

/** @throws RangeError where there is none: names were validated with the scenario */
function definitionIn({ transports }: Catalogue, name: string): TransportDefinition {
  const definition = transports.get(name);
  if (!definition) throw new RangeError(`Expected a transport, found ${name}`);
  return definition;
}

function patienceOf(scenario: Scenario, { patience = scenario.patience }: Pattern): Patience {
  return patience;
}

function resolvePattern(
  pattern: Pattern,
  places: TargetSources,
  catalogue: Catalogue,
): Omit<ResolvedPattern, 'patience'> {
  const { id, title, interaction, mix, load, claimed } = pattern;
  const definition = definitionIn(catalogue, pattern.transport);
  const target = resolveTarget(id, definition, places, catalogue);
  return {
    id,
    title,
    definition,
    interaction,
    options: definition.options.parse(pattern.options),
    // Readers of a target's messages are not counted.
    subscribers: hasSubscribers(interaction) && !target ? pattern.subscribers : 1,
    own: { mix, load },
    claimed,
    target,
    adapterLines: target ? null : catalogue.adapterLines(definition.name),
  };
}

/** The result's record of each pattern, before its broker is known to be available. */
export function describePatterns(patterns: readonly ResolvedPattern[]): PatternRecord[] {
  return patterns.map((pattern) => ({
    id: pattern.id,
    transport: pattern.definition.name,
    interaction: pattern.interaction,
    state: 'run',
    reason: null,
    hint: null,
    client: clientVersion(clientOf(pattern)),
    subscribers: pattern.subscribers,
    complexity:
      pattern.target === undefined
        ? [...pattern.definition.statements.complexity(pattern.options, pattern.interaction)]
        : null,
    adapterLines: pattern.adapterLines,
    patience: pattern.patience,
    broker: pattern.definition.broker?.name ?? null,
    ...(pattern.target === undefined ? ofService(pattern) : ofTarget(pattern, pattern.target)),
  }));
}

function clientOf({ definition: { client, statements }, options }: ResolvedPattern): string {
  return statements.client?.(options) ?? client;
}

type Promised = Pick<
  PatternRecord,
  'title' | 'target' | 'certificates' | 'completion' | 'guarantee' | 'fairness'
>;

function ofService({ title, definition, interaction, options }: ResolvedPattern): Promised {
  return {
    title,
    target: null,
    certificates: null,
    completion: null,
    guarantee: definition.statements.guarantee(options, interaction),
    fairness: { ...definition.statements.fairness(options, interaction) },
  };
}

/** Only facts that are known of a server outside our control. */
function ofTarget(
  { title, definition, options }: ResolvedPattern,
  { url, shown = redactUrl(url), requests, completion, tls }: PatternTarget,
): Promised {
  const shownPlace = URL.canParse(shown) ? new URL(shown) : new URL(`/${HIDDEN}`, url);
  const unknown = 'unknown: a target of your own';
  const all = Object.values(requests).map(({ settings }) => shownTarget(settings as object));
  const acknowledgers = all.flatMap((settings) => definition.target?.acknowledgedBy(settings) ?? []);
  return {
    title: `${title} target`,
    target: shown,
    certificates: tls ? (tls.insecure ? 'not-verified' : 'verified') : null,
    completion: completion?.place ?? null,
    guarantee: {
      label: unknown,
      acknowledgedBy: unique(acknowledgers) || 'the target, by a reply that its protocol counts as success',
      durableAgainst: unknown,
      delivery: 'unknown',
      order: unknown,
    },
    fairness: {
      ...mergedFacts(all.map((settings) => definition.target?.fairness(options, shownPlace, settings) ?? {})),
      TLS: tls ? tlsText(tls) : 'none',
    },
  };
}

function tlsText({ ca, cert, serverName, insecure }: TlsSettings): string {
  const parts = [
    insecure
      ? 'certificates not verified (`insecure: true`)'
      : `certificates verified by ${ca ?? "Node's authorities"}`,
    ...(serverName === undefined ? [] : [`for the name ${serverName}`]),
    ...(cert === undefined ? [] : ['with a client certificate']),
  ];
  return parts.join(', ');
}

/** Facts of every kind of request: those that differ stand side by side. */
function mergedFacts(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const names = new Set(all.flatMap((facts) => Object.keys(facts)));
  return Object.fromEntries(
    [...names].map((name) => [name, unique(all.flatMap((facts) => facts[name] ?? []))]),
  );
}

function unique(texts: readonly string[]): string {
  return [...new Set(texts)].join('; ');
}
