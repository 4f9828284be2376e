import { z } from 'zod';
import type { JsonSchema } from '../../src/scenario/schema/json-schema.ts';

/** A line of docs/targets.md for each field, those within others after them by their path. */
export function fieldLines(schema: z.ZodType): string[] {
  return linesOf(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, '');
}

function linesOf({ properties = {} }: JsonSchema, before: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const { description = '', properties: inner, default: usual } = field;
    const hasDefault = inner === undefined && ['number', 'boolean'].includes(typeof usual);
    const text =
      typeof usual === 'string' && usual !== ''
        ? `; default: ${usual}`
        : hasDefault
          ? `; default: ${String(usual)}`
          : '';
    return [`| \`${before}${name}\` | ${description}${text} |`, ...linesOf(field, `${before}${name}.`)];
  });
}
