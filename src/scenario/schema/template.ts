import { stringify } from 'yaml';
import { SCHEMA_LINES } from './schema-lines.ts';
import { alternatives, scenarioJsonSchema, type JsonSchema } from './json-schema.ts';

/** Values for fields without a default, so that the file runs as it is. */
const START = {
  title: 'Title of this scenario',
  mix: [{ operation: 'createUser', share: 1 }],
  patterns: [
    { id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' },
    { id: 'queue', title: 'Message queue', transport: 'rabbitmq', interaction: 'work-queue' },
  ],
};

/** A scenario file with every field, its default, and its description as a comment. */
export function scenarioTemplate(name: string): string {
  const head = [
    ...SCHEMA_LINES,
    '# Times in milliseconds, rates per second, or with their unit: 3s, 20ms, 200/s. Omitted fields have the values shown here.',
  ];
  return [...head, ...mapping(scenarioJsonSchema(), { name, ...START }, ''), ''].join('\n');
}

function mapping(schema: JsonSchema, values: Readonly<Record<string, unknown>>, indent: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const comment = indent === '' ? ['', ...comments(field, indent)] : comments(field, indent);
    return [...comment, ...entry(key, field, values[key], indent)];
  });
}

function entry(key: string, field: JsonSchema, value: unknown, indent: string): string[] {
  const given = value ?? field.default;
  if (given === null) return [`${indent}${key}: null`, ...example(key, field, indent)];
  if (field.type === 'object' && field.properties) {
    return [`${indent}${key}:`, ...mapping(field, (given ?? {}) as never, `${indent}  `)];
  }
  return stringify({ [key]: given }, { indentSeq: true })
    .trimEnd()
    .split('\n')
    .map((line) => indent + line);
}

/** An example value in a comment, where null is the default. */
function example(key: string, field: JsonSchema, indent: string): string[] {
  const full = alternatives(field).find((schema) => schema.properties);
  if (!full) return [];
  return [`${indent}${key}:`, ...mapping(full, {}, `${indent}  `)].map((line) => `# ${line}`);
}

function comments(field: JsonSchema, indent: string): string[] {
  const limits = limitsText(field);
  const text = `${field.description ?? ''}${limits && ` (${limits})`}`;
  return text === '' ? [] : [`${indent}# ${text}`];
}

export function limitsText(field: JsonSchema): string {
  if (field.enum) return field.enum.join(' | ');
  const { minimum, exclusiveMinimum, maximum } = field as Record<string, number | undefined>;
  if (maximum === undefined) return '';
  return `${exclusiveMinimum === undefined ? (minimum ?? '') : `more than ${exclusiveMinimum}`} to ${maximum}`;
}
