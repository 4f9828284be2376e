import { z } from 'zod';
import type { JsonSchema, Path } from '../../scenario/schema/json-schema.ts';
import { guess } from '../../scenario/load/guess.ts';
import { problemsOf, type Problem } from '../../scenario/rules/problem.ts';
import { loadTransportDefinition, transportNames } from '../../transports/discover.ts';

/** How one service is called: a pattern's way, or an edge's. */
export interface CallEndpoint {
  readonly transport: string;
  readonly interaction: string;
  readonly options: unknown;
}

/**
 * Whether a way's transport exists, offers the interaction, and takes the options.
 * @param at where each of them stands
 */
export async function callEndpointProblems(
  endpoint: CallEndpoint,
  at: (key: keyof CallEndpoint) => Path,
): Promise<Problem[]> {
  const names = transportNames();
  if (!names.includes(endpoint.transport)) {
    const message = `Expected one of ${names.join(', ')}, found ${endpoint.transport}${guess(endpoint.transport, names)}`;
    return [{ path: at('transport'), message }];
  }
  const definition = await loadTransportDefinition(endpoint.transport);
  const problems: Problem[] = [];
  if (!definition.interactions.some((offered) => offered === endpoint.interaction)) {
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
