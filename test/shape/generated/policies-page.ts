import { z } from 'zod';
import type { PolicyDefinition } from '../../../src/policies/policy.ts';

type Described = Pick<PolicyDefinition<never>, 'name' | 'title' | 'options'>;

/** docs/policies.md with the title and the options of each; what else is said of it is kept, and a new one stands last. */
export function withPolicies(page: string, policies: readonly Described[]): string {
  return policies.reduce(withPolicy, page);
}

function withPolicy(page: string, { name, title, options }: Described): string {
  const head = `\n## ${name}\n\n`;
  const text = `In short: ${title}.\n\n${optionsText(options)}\n`;
  const at = page.indexOf(head);
  if (at < 0) return `${page}${head}${text}`;
  const rest = page.slice(at + head.length);
  const [before = ''] = /^In short: .*\n\n(?:No options\.\n|(?:\|.*\n)+)/.exec(rest) ?? [];
  return `${page.slice(0, at)}${head}${text}${rest.slice(before.length)}`;
}

function optionsText(options: z.ZodObject): string {
  const rows = rowsOf(options);
  return rows.length === 0 ? 'No options.' : ['| option | default | |', '|---|---|---|', ...rows].join('\n');
}

/** From the schema by which scenarios are validated. */
function rowsOf(schema: z.ZodObject, prefix = ''): string[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const { default: byDefault } = z.toJSONSchema(field as z.ZodType, { io: 'input' });
    const { description } = field as z.ZodType;
    const value = byDefault === undefined ? '' : `\`${JSON.stringify(byDefault)}\``;
    const inner = objectIn(field as z.ZodType);
    const row = `| \`${prefix}${name}\` | ${value} | ${description} |`;
    return inner ? [row, ...rowsOf(inner, `${prefix}${name}.`)] : [row];
  });
}

/** Of a nullable object with a default, the object. */
function objectIn(schema: z.ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) {
    return objectIn(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodObject ? schema : undefined;
}
