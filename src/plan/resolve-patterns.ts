import { isAnswered, isStream, hasSubscribers } from '../contracts/interactions.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { assertLoopback } from '../platform/net/loopback.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import { HIDDEN, redactUrl } from '../kernel/redact.ts';
import { clientVersion } from '../record/environment.ts';
import type { PatternRecord } from '../record/record.ts';
import type { Pattern, Scenario } from '../scenario/schema/schema.ts';
import { adapterLines } from '../transports/adapter-lines.ts';
import { loadTransportDefinition } from '../transports/discover.ts';
import { resolveTarget, type TargetSources } from './pattern-target.ts';
import type { ResolvedPattern, PatternTarget } from './spec.ts';

export interface PatternChoice {
  /** Ids of the rows to run; undefined: all. */
  readonly patterns: readonly string[] | undefined;
  /** The user's own URLs, by row id, in place of those of the scenario's `targets`. */
  readonly targets: Readonly<Record<string, string>>;
  /** Brokers' URLs, by name: where targets that are queues and topics may be. */
  readonly brokers?: Readonly<Record<string, string>>;
  /** Hosts that are not loopback and may be driven all the same. */
  readonly allowRemote: readonly string[];
}

/**
 * Finds the transport of each chosen row and completes its options.
 * @throws CommbenchError bad-scenario with every problem of every row; remote-target
 */
export async function resolvePatterns(scenario: Scenario, choice: PatternChoice): Promise<ResolvedPattern[]> {
  const chosen = scenario.patterns
    .map((pattern, i) => ({ pattern, i }))
    .filter(({ pattern }) => choice.patterns?.includes(pattern.id) ?? true);
  const problems: string[] = [];
  const patterns: ResolvedPattern[] = [];
  const edgeTransports = await transportsOfEdges(scenario);
  for (const { pattern, i } of chosen) {
    const places = {
      option: choice.targets[pattern.id],
      target: scenario.targets[pattern.id],
      brokers: choice.brokers ?? {},
    };
    const found = await resolvePattern(pattern, places);
    if ('problems' in found) problems.push(...found.problems.map((p) => `patterns.${i}.${p}`));
    else patterns.push({ ...found, edgeTransports });
  }
  if (problems.length > 0) {
    throw new CommbenchError('bad-scenario', problems.join('\n'), {
      hint: 'commbench list shows every transport and scenario.',
    });
  }
  for (const { target } of patterns) {
    const urls = [target?.url, target?.completion?.url].filter((url) => url !== undefined);
    for (const url of urls) await assertLoopback(url, choice.allowRemote);
  }
  return patterns;
}

/** Of every edge, in whatever variant. */
async function transportsOfEdges({ edges, variants }: Scenario): Promise<Map<string, TransportDefinition>> {
  const changed = variants.flatMap((variant) => variant.edges ?? []);
  const names = new Set([...edges, ...changed].flatMap(({ transport }) => transport ?? []));
  const definitions = await Promise.all([...names].map(loadTransportDefinition));
  return new Map(definitions.map((definition) => [definition.name, definition]));
}

async function resolvePattern(
  pattern: Pattern,
  places: TargetSources,
): Promise<ResolvedPattern | { problems: string[] }> {
  const definition = await loadTransportDefinition(pattern.transport);
  const problems: string[] = [];
  const hasTarget = places.option !== undefined || places.target !== undefined;
  if (hasTarget && definition.broker && isAnswered(pattern.interaction)) {
    problems.push(
      `interaction: Expected work-queue or the like, as a queue or topic of your own answers nobody, found ${pattern.interaction}`,
    );
  }
  if (hasTarget && !definition.broker && isStream(pattern.interaction)) {
    problems.push(
      'interaction: Expected request-reply, as of a server of your own each call has one answer, found server-stream',
    );
  }
  if (!definition.interactions.includes(pattern.interaction)) {
    const offered = definition.interactions.join(', ');
    problems.push(
      `interaction: Expected one that ${definition.name} offers (${offered}), found ${pattern.interaction}`,
    );
  }
  const options = definition.options.safeParse(pattern.options);
  if (!options.success) {
    problems.push(
      ...options.error.issues.map((issue) => `options.${issue.path.join('.')}: ${issue.message}`),
    );
  }
  if (problems.length > 0) return { problems };
  return {
    id: pattern.id,
    title: pattern.title,
    definition,
    interaction: pattern.interaction,
    options: options.data,
    // Whoever reads what a target was sent is not ours to count.
    subscribers: hasSubscribers(pattern.interaction) && !hasTarget ? pattern.subscribers : 1,
    mix: pattern.mix,
    load: pattern.load,
    claimed: pattern.claimed,
    target: resolveTarget(pattern.id, definition, places),
  };
}

/** What the result says of each row, before it is known whether its broker can be had. */
export function describePatterns(patterns: readonly ResolvedPattern[]): PatternRecord[] {
  return patterns.map((pattern) => ({
    id: pattern.id,
    transport: pattern.definition.name,
    interaction: pattern.interaction,
    state: 'run',
    reason: null,
    hint: null,
    client: clientVersion(pattern.definition.client),
    subscribers: pattern.subscribers,
    complexity:
      pattern.target === undefined
        ? [...pattern.definition.complexity(pattern.options, pattern.interaction)]
        : null,
    adapterLines: pattern.target === undefined ? adapterLines(pattern.definition.name) : null,
    broker: pattern.definition.broker?.name ?? null,
    ...(pattern.target === undefined ? ofService(pattern) : ofTarget(pattern, pattern.target)),
  }));
}

type Promised = Pick<PatternRecord, 'title' | 'target' | 'completion' | 'guarantee' | 'fairness'>;

function ofService({ title, definition, interaction, options }: ResolvedPattern): Promised {
  return {
    title,
    target: null,
    completion: null,
    guarantee: definition.guarantee(options, interaction),
    fairness: { ...definition.fairness(options, interaction) },
  };
}

/** Only what is known of a server that is not ours. */
function ofTarget(
  { title, definition, options }: ResolvedPattern,
  { url, shown = redactUrl(url), settings, completion }: PatternTarget,
): Promised {
  const shownPlace = URL.canParse(shown) ? new URL(shown) : new URL(`/${HIDDEN}`, url);
  const unknown = 'not known: a target of your own';
  return {
    title: `${title} target`,
    target: shown,
    completion: completion?.place ?? null,
    guarantee: {
      label: unknown,
      acknowledgedBy:
        definition.target?.acknowledgedBy(settings) ??
        'the target, by a reply that its protocol counts as success',
      durableAgainst: unknown,
      delivery: 'unknown',
      order: unknown,
    },
    fairness: { ...definition.target?.fairness(options, shownPlace, settings) },
  };
}
