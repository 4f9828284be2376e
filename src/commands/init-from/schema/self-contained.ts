import { isMapping } from '../../../scenario/load/mapping.ts';
import { followed, MAPPED, type Resolve } from '../openapi/document.ts';

/** A JSON Schema of 2020-12 in which only understood keywords are left, each of the right kind. */
export type Schema = boolean | SchemaObject;
export interface SchemaObject {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly examples?: readonly unknown[];
  readonly readOnly?: boolean;
  readonly [keyword: string]: unknown;
}

const TYPES = ['null', 'boolean', 'object', 'array', 'number', 'integer', 'string'];
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

/** Keywords with a plain value, and which values are of the right kind. */
const PLAIN: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: (value) => (Array.isArray(value) ? value : [value]).every((one) => TYPES.includes(one as string)),
  const: () => true,
  enum: (value) => Array.isArray(value) && value.length > 0,
  examples: Array.isArray,
  default: () => true,
  format: (value) => typeof value === 'string',
  pattern: isPattern,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: (value) => isNumber(value) && (value as number) > 0,
  minLength: isCount,
  maxLength: isCount,
  minItems: isCount,
  maxItems: isCount,
  minContains: isCount,
  maxContains: isCount,
  minProperties: isCount,
  maxProperties: isCount,
  uniqueItems: isBoolean,
  readOnly: isBoolean,
  required: isNames,
  dependentRequired: (value) => isMapping(value) && Object.values(value).every(isNames),
};
const ONE = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'];
const UNEVALUATED = ['unevaluatedProperties', 'unevaluatedItems'];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];

/**
 * A schema of a document with all that it refers to in its own `$defs`, as a request must meet it: what only responses
 * have is not required, and a discriminator is a rule of its members.
 */
export function selfContained(schema: unknown, resolve: Resolve, named: NamedSchemas = {}): SchemaObject {
  const names = new Map<string, string>();
  const defs: Record<string, Schema> = {};
  const pending: (() => void)[] = [];
  const refer = (ref: string, isBase: boolean): SchemaObject => {
    const key = `${isBase ? 'base ' : ''}${ref}`;
    if (!names.has(key)) {
      const name = `s${names.size}`;
      names.set(key, name);
      // Later, so that a long chain of references needs no deep stack.
      pending.push(
        () =>
          void (defs[name] = schemaOf(followed({ $ref: ref }, resolve), {
            refer,
            resolve,
            named,
            ref,
            isBase,
          })),
      );
    }
    return { $ref: `#/$defs/${names.get(key)}` };
  };
  const root = schemaOf(schema, { refer, resolve, named, ref: '', isBase: false });
  for (let next = pending.pop(); next; next = pending.pop()) next();
  return { ...(root === false ? { not: {} } : root === true ? {} : root), $defs: defs };
}

/** The document's schemas by name: those that extend one with a discriminator are found among them. */
export type NamedSchemas = Readonly<Record<string, unknown>>;

interface Surroundings {
  readonly refer: (ref: string, isBase: boolean) => SchemaObject;
  readonly resolve: Resolve;
  readonly named: NamedSchemas;
  /** By which it was reached; empty: it stands in its place. */
  readonly ref: string;
  /** Part of another schema that extends it: any discriminator of it has been decided by that one. */
  readonly isBase: boolean;
}

function schemaOf(value: unknown, at: Surroundings): Schema {
  if (typeof value === 'boolean') return value;
  if (!isMapping(value)) return true;
  const inside = { ...at, ref: '', isBase: false };
  const sub = (one: unknown) => schemaOf(one, inside);
  const out: Record<string, unknown> = {};
  for (const [key, isRight] of Object.entries(PLAIN)) {
    if (Object.hasOwn(value, key) && isRight(value[key])) out[key] = value[key];
  }
  if (!out['examples'] && Object.hasOwn(value, 'example')) out['examples'] = [value['example']];
  for (const key of [...ONE, ...UNEVALUATED]) {
    if (typeof value[key] === 'boolean' || isMapping(value[key])) out[key] = sub(value[key]);
  }
  for (const key of LISTS) {
    const members: unknown =
      key === 'prefixItems' && Array.isArray(value['items']) ? value['items'] : value[key];
    const inner = key === 'allOf' ? { ...inside, isBase: true } : inside;
    if (Array.isArray(members) && members.length > 0) out[key] = members.map((one) => schemaOf(one, inner));
  }
  for (const key of MAPS) {
    const fields = value[key];
    if (!isMapping(fields)) continue;
    const known = Object.entries(fields).filter(([name]) => key !== 'patternProperties' || isPattern(name));
    out[key] = Object.fromEntries(known.map(([name, field]) => [name, sub(field)]));
  }
  if (typeof value['$ref'] === 'string') out['$ref'] = at.refer(value['$ref'], at.isBase).$ref;
  withoutResponseFields(out, value, at.resolve);
  return withDiscriminator(out, value, at);
}

/** A field that is read only, as its schema says itself or by reference, is not asked of a request. */
function withoutResponseFields(
  out: Record<string, unknown>,
  { properties, required }: Mapping,
  resolve: Resolve,
): void {
  if (!isMapping(properties) || !isNames(required)) return;
  out['required'] = required.filter((name) => {
    const field = Object.hasOwn(properties, name) ? followed(properties[name], resolve) : undefined;
    return !isMapping(field) || field['readOnly'] !== true;
  });
}

type Mapping = Readonly<Record<string, unknown>>;

/** Each member of a union, and each schema that extends another one, has the values of the property that lead to it. */
function withDiscriminator(out: Record<string, unknown>, value: Mapping, at: Surroundings): Schema {
  if (at.isBase) return out;
  const own = discriminatorOf(value);
  if (own === undefined) return at.ref === '' ? out : beside(out, extended(value, at));
  const valuesOf = (ref: string) => valuesFor(ref, own, at.resolve);
  for (const key of ['oneOf', 'anyOf']) {
    const members = value[key];
    if (!Array.isArray(members)) continue;
    out[key] = (members as Mapping[]).map((member, i) => {
      const ref = member?.['$ref'];
      const part = (out[key] as Schema[])[i]!;
      if (typeof ref !== 'string' || hasOwnValues(ref, own.property, at.resolve)) return part;
      return { allOf: [at.refer(ref, true), only(own.property, valuesOf(ref))] };
    });
    return out;
  }
  const all = [...own.mapping.map(([, ref]) => ref), ...extendersOf(at)];
  const refs = [...new Set(all)].filter((ref) => ref !== at.ref);
  if (refs.length === 0) return at.ref === '' ? out : beside(out, [only(own.property, valuesOf(at.ref))]);
  return { anyOf: refs.map((ref) => ({ allOf: [at.refer(ref, true), only(own.property, valuesOf(ref))] })) };
}

interface Discriminator {
  readonly property: string;
  readonly mapping: readonly (readonly [value: string, ref: string])[];
}

function discriminatorOf({ discriminator, $defs }: Mapping): Discriminator | undefined {
  const property = isMapping(discriminator) ? discriminator['propertyName'] : discriminator;
  if (typeof property !== 'string') return undefined;
  const mapping = Object.entries(isMapping($defs) ? $defs : {}).flatMap(([key, target]) => {
    const ref = isMapping(target) ? target['$ref'] : undefined;
    return key.startsWith(MAPPED) && typeof ref === 'string'
      ? [[key.slice(MAPPED.length), ref] as const]
      : [];
  });
  return { property, mapping };
}

/** As the mapping has them; the schema's own name where it has none. */
function valuesFor(ref: string, { mapping }: Discriminator, resolve: Resolve): string[] {
  const values = mapping.filter(([, target]) => isSame(target, ref, resolve)).map(([value]) => value);
  return values.length > 0 ? values : [nameIn(ref)];
}

/** The rules of what this schema extends. */
function extended({ allOf }: Mapping, { ref, resolve }: Surroundings): SchemaObject[] {
  const parts = Array.isArray(allOf) ? (allOf as Mapping[]) : [];
  return parts.flatMap((part) => {
    if (typeof part?.['$ref'] !== 'string') return [];
    const base = followed(part, resolve);
    const own = isMapping(base) ? discriminatorOf(base) : undefined;
    return own && !hasOwnValues(ref, own.property, resolve)
      ? [only(own.property, valuesFor(ref, own, resolve))]
      : [];
  });
}

function beside(out: Record<string, unknown>, rules: readonly SchemaObject[]): Schema {
  if (rules.length === 0) return out;
  return { ...out, allOf: [...((out['allOf'] as Schema[] | undefined) ?? []), ...rules] };
}

function only(property: string, values: readonly string[]): SchemaObject {
  return { type: 'object', required: [property], properties: { [property]: { enum: values } } };
}

/** Named schemas that hold this one in their `allOf`. */
function extendersOf({ ref, named }: Surroundings): string[] {
  return Object.entries(named).flatMap(([name, schema]) => {
    const parts = isMapping(schema) && Array.isArray(schema['allOf']) ? (schema['allOf'] as Mapping[]) : [];
    return parts.some((part) => part?.['$ref'] === ref) ? [`#/components/schemas/${name}`] : [];
  });
}

function isSame(one: string, other: string, resolve: Resolve): boolean {
  try {
    return one === other || resolve(one) === resolve(other);
  } catch {
    return false;
  }
}

/** A member that lists the property's values itself knows best. */
function hasOwnValues(ref: string, property: string, resolve: Resolve): boolean {
  const schema = followed({ $ref: ref }, resolve);
  const fields = isMapping(schema) ? schema['properties'] : undefined;
  const field = isMapping(fields) ? followed(fields[property], resolve) : undefined;
  return isMapping(field) && ('const' in field || 'enum' in field);
}

function nameIn(ref: string): string {
  return ref
    .slice(ref.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === 'string' && regexOf(value) instanceof RegExp;
  } catch {
    return false;
  }
}

/** With the flag u as the standard has it, and without where that alone is an error, as in `\-`. */
export function regexOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}
