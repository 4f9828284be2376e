import { z } from 'zod';
import { isStream } from '../../contracts/interactions.ts';
import type { Catalogue } from '../../kernel/catalogue.ts';
import { guess } from '../load/guess.ts';
import type { JsonSchema, Path } from '../schema/json-schema.ts';
import type { Scenario } from '../schema/schema.ts';
import { problemsOf, type Problem } from './problem.ts';

/** The wire settings of a pattern or an edge. */
interface CallEndpoint {
  readonly transport: string;
  readonly interaction: string;
  readonly options: unknown;
}

export function patternProblems({ patterns, targets }: Scenario, catalogue: Catalogue): Problem[] {
  return patterns.flatMap((pattern, i) => {
    // A target may stream where our own service does not.
    const isTarget = isStream(pattern.interaction) && Object.hasOwn(targets, pattern.id);
    const problems = callEndpointProblems(pattern, catalogue, (key) => ['patterns', i, key]);
    return problems.filter(({ path }) => !isTarget || path[2] !== 'interaction');
  });
}

/**
 * Checks that the transport exists, offers the interaction, and accepts the options.
 * @param at path of each of them
 */
export function callEndpointProblems(
  endpoint: CallEndpoint,
  { transports }: Catalogue,
  at: (key: keyof CallEndpoint) => Path,
): Problem[] {
  const definition = transports.get(endpoint.transport);
  if (!definition) {
    const names = [...transports.keys()];
    const message = `Expected one of ${names.join(', ')}, found ${endpoint.transport}${guess(endpoint.transport, names)}`;
    return [{ path: at('transport'), message }];
  }
  const problems: Problem[] = [];
  if (!definition.interactions.includes(endpoint.interaction)) {
    const message = `Expected an interaction that ${definition.title} offers (${definition.interactions.join(', ')}), found ${endpoint.interaction}`;
    problems.push({ path: at('interaction'), message });
  }
  const options = definition.options.safeParse(endpoint.options);
  for (const issue of options.error?.issues ?? []) {
    const schema = z.toJSONSchema(definition.options, { io: 'input' }) as JsonSchema;
    const found = problemsOf(issue, endpoint.options, schema);
    problems.push(...found.map((p) => ({ ...p, path: [...at('options'), ...p.path] })));
  }
  return problems;
}
