import { z } from 'zod';
import type { JsonSchema } from '../../scenario/schema/json-schema.ts';
import { limitsText } from '../../scenario/schema/template.ts';

/** One line for each option of a policy or a fault: its name, what it may be, its default, what it means. */
export function optionLines(options: z.ZodObject): string[] {
  const schema = z.toJSONSchema(options, { io: 'input' }) as JsonSchema;
  return linesOf(schema, '');
}

function linesOf({ properties = {}, required = [] }: JsonSchema, before: string): string[] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = `${before}${key}`;
    const inner = [field, ...(field.anyOf ?? [])].find((one) => one.properties);
    const line = `${name}${valueText(field, required.includes(key))}: ${field.description ?? ''}`;
    return inner ? [line, ...linesOf(inner, `${name}.`)] : [line];
  });
}

/** ` = 5 (1 to 100)`, and of a list of words ` = [a] (of a | b)`. */
function valueText(field: JsonSchema, isRequired: boolean): string {
  const value = field.default === undefined ? '' : ` = ${defaultText(field.default)}`;
  // The schema of a nullable field has its bounds one level down.
  const plain = field.anyOf?.find(({ type }) => type !== 'null') ?? field;
  const among = plain.items?.enum ? `of ${plain.items.enum.join(' | ')}` : limitsText(plain);
  const range = [among, ...(isRequired && field.default === undefined ? ['must be given'] : [])].filter(
    Boolean,
  );
  return `${value}${range.length > 0 ? ` (${range.join('; ')})` : ''}`;
}

function defaultText(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value);
}
