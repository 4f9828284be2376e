import { z } from 'zod';
import type { Catalogue } from '../../kernel/catalogue.ts';
import { guess } from '../load/guess.ts';
import type { JsonSchema, Path } from '../schema/json-schema.ts';
import type { Scenario } from '../schema/schema.ts';
import { problemsOf, type Problem } from './problem.ts';

/** How one service is called: a pattern's way, or an edge's. */
interface Way {
  readonly transport: string;
  readonly interaction: string;
  readonly options: unknown;
}

export function patternProblems({ patterns }: Scenario, catalogue: Catalogue): Problem[] {
  return patterns.flatMap((pattern, i) =>
    callEndpointProblems(pattern, catalogue, (key) => ['patterns', i, key]),
  );
}

/**
 * Whether a way's transport exists, offers the interaction, and takes the options.
 * @param at where each of them stands
 */
export function callEndpointProblems(
  way: Way,
  { transports }: Catalogue,
  at: (key: keyof Way) => Path,
): Problem[] {
  const definition = transports.get(way.transport);
  if (!definition) {
    const names = [...transports.keys()];
    const message = `Expected one of ${names.join(', ')}, found ${way.transport}${guess(way.transport, names)}`;
    return [{ path: at('transport'), message }];
  }
  const problems: Problem[] = [];
  if (!definition.interactions.includes(way.interaction)) {
    const message = `Expected an interaction that ${definition.title} offers (${definition.interactions.join(', ')}), found ${way.interaction}`;
    problems.push({ path: at('interaction'), message });
  }
  const options = definition.options.safeParse(way.options);
  for (const issue of options.error?.issues ?? []) {
    const schema = z.toJSONSchema(definition.options, { io: 'input' }) as JsonSchema;
    const found = problemsOf(issue, way.options, schema);
    problems.push(...found.map((p) => ({ ...p, path: [...at('options'), ...p.path] })));
  }
  return problems;
}
