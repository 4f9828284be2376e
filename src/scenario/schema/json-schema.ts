import { z } from 'zod';
import { scenarioSchema } from './schema.ts';
import { hasUnit } from './units.ts';

/** The part of JSON schema that is used here. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}

export type Path = readonly (string | number)[];

/** A scenario as it is checked: its times and rates are numbers. */
export function scenarioJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input' });
  return { title: 'commbench scenario', ...schema } as JsonSchema;
}

const WITH_UNIT: JsonSchema = {
  type: 'string',
  pattern: String.raw`^\d+(\.\d+)?\s*([kM]?\s*/\s*(s|min|m|h)|[kM]|ms|s|min|m|h|([kKM]i?)?B\s*/\s*s)$`,
};

/** The file as editors understand it, published as docs/scenario.schema.json: a time or a rate may have its unit, which the loader turns into a number. */
export function scenarioFileSchema(): JsonSchema {
  return withUnitTexts(scenarioJsonSchema()) as JsonSchema;
}

function withUnitTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnitTexts);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => {
    if (key !== 'properties') return [key, withUnitTexts(part)];
    const fields = Object.entries(part as Record<string, JsonSchema>);
    return [key, Object.fromEntries(fields.map(([name, field]) => [name, withUnitText(name, field)]))];
  });
  return Object.fromEntries(entries) as unknown;
}

function withUnitText(name: string, field: JsonSchema): unknown {
  if (!hasUnit(name)) return withUnitTexts(field);
  if (field.anyOf) return { ...field, anyOf: [...field.anyOf, WITH_UNIT] };
  const { description, default: usual, ...number } = field;
  return {
    ...(description === undefined ? {} : { description }),
    ...(usual === undefined ? {} : { default: usual }),
    anyOf: [number, WITH_UNIT],
  };
}

/** The sub-schemas at a path: more than one where the field is a union. */
export function schemasAt(root: JsonSchema, path: Path): JsonSchema[] {
  let at: JsonSchema[] = [root];
  for (const key of path) at = at.flatMap(alternatives).flatMap((schema) => child(schema, key));
  return at;
}

/** The keys that the mapping `value` at `path` may have; for a union, those of the member that `value` chose. */
export function keysAt(root: JsonSchema, path: Path, value: unknown): string[] {
  const keys = schemasAt(root, path)
    .flatMap(alternatives)
    .filter((schema) => chosen(schema, value))
    .flatMap((schema) => Object.keys(schema.properties ?? {}));
  return [...new Set(keys)];
}

function chosen(schema: JsonSchema, value: unknown): boolean {
  return Object.entries(schema.properties ?? {}).every(([key, field]) => {
    return field.const === undefined || (value as Record<string, unknown> | null)?.[key] === field.const;
  });
}

/** A schema and, where it is a union, its members. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  const members = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [schema, ...members.flatMap(alternatives)];
}

function child(schema: JsonSchema, key: string | number): JsonSchema[] {
  const found = typeof key === 'number' ? schema.items : ownProperty(schema.properties ?? {}, key);
  return found ? [found] : [];
}

function ownProperty(properties: Readonly<Record<string, JsonSchema>>, key: string): JsonSchema | undefined {
  return Object.hasOwn(properties, key) ? properties[key] : undefined;
}
