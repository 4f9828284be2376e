import { isMapping } from '../../scenario/load/mapping.ts';
/** The part of a schema of OpenAPI 3, in either of its dialects, that examples are made from. */
export interface Schema extends Composition, Annotations, ObjectRules, ArrayRules, NumberRules, StringRules {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

interface Composition {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

interface Annotations {
  readonly example?: unknown;
  readonly examples?: unknown;
  readonly default?: unknown;
  readonly readOnly?: boolean;
}

interface ObjectRules {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface ArrayRules {
  readonly items?: Schema;
  readonly minItems?: number;
}

interface NumberRules {
  readonly minimum?: number;
  readonly maximum?: number;
  /** In 3.1 a bound of its own, in 3.0 whether the other one is excluded. */
  readonly exclusiveMinimum?: number | boolean;
  readonly exclusiveMaximum?: number | boolean;
  readonly multipleOf?: number;
}

interface StringRules {
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Gives what a reference stands for. @throws CommbenchError where it leads nowhere */
export type Resolve = <T extends { readonly $ref?: string }>(value: T) => T;

/** Past that a schema that holds itself, or nearly so, is cut off. */
const MAX_DEPTH = 6;
const MAX_ITEMS = 5;

/** Values that a format asks for, where the schema names none. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '{{uuid}}',
  email: 'user-{{sequence}}@example.org',
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  uri: 'https://example.org/{{sequence}}',
  hostname: 'example.org',
  ipv4: '127.0.0.1',
  byte: 'AAAA',
};

/** A body that a schema allows, with holes where a value may differ from call to call. What it says itself comes first. */
export function exampleOf(schema: Schema, resolve: Resolve, depth = 0): unknown {
  const whole = resolve(schema);
  const given = givenIn(whole);
  if (given !== undefined) return withoutHoles(given);
  if (whole.allOf) {
    const parts = [...whole.allOf, { ...whole, allOf: undefined }] as Schema[];
    const examples = parts.map((part) => exampleOf(part, resolve, depth + 1));
    const objects = examples.filter(isMapping);
    // An enum with a description beside it is no object: its own example is taken.
    return objects.length > 0 ? (Object.assign({}, ...objects) as unknown) : examples[0];
  }
  const [choice] = whole.oneOf ?? whole.anyOf ?? [];
  if (choice) return exampleOf(choice, resolve, depth + 1);
  switch (typeOf(whole)) {
    case 'object':
      return exampleObject(whole, resolve, depth);
    case 'array': {
      const count = Math.min(MAX_ITEMS, Math.max(depth < MAX_DEPTH ? 1 : 0, whole.minItems ?? 0));
      return Array.from({ length: count }, () => exampleOf(whole.items ?? {}, resolve, depth + 1));
    }
    case 'integer':
    case 'number':
      return exampleNumber(whole);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return BY_FORMAT[whole.format ?? ''] ?? exampleText(whole);
  }
}

/** Fields that must be there, and the others as long as that is not endless; what only answers have is left out. */
function exampleObject({ properties = {}, required = [] }: Schema, resolve: Resolve, depth: number): object {
  const fields = Object.entries(properties).filter(([name, field]) => {
    return (
      resolve(field).readOnly !== true &&
      (depth < MAX_DEPTH || required.includes(name)) &&
      depth < 2 * MAX_DEPTH
    );
  });
  return Object.fromEntries(fields.map(([name, field]) => [name, exampleOf(field, resolve, depth + 1)]));
}

function exampleText({ minLength = 0, maxLength = 1000 }: Schema): string {
  return 'text'.padEnd(Math.min(minLength, 1000), 't').slice(0, maxLength);
}

/** Whole numbers within the bounds; where only one fits, that. */
function exampleNumber(schema: Schema): string | number {
  const { multipleOf: step } = schema;
  const [least, most] = boundsOf(schema);
  if (step && step !== 1) return Math.ceil(least / step) * step || 0;
  const from = Math.ceil(least);
  const to = Math.min(Math.floor(most), from + 1_000_000);
  return from < to ? `{{random ${from} ${to}}}` : from === to ? from : least;
}

/** Both inclusive. */
function boundsOf(schema: Schema): [number, number] {
  const { minimum, maximum, exclusiveMinimum: over, exclusiveMaximum: under } = schema;
  const aboveMost = typeof under === 'number' ? under : under ? maximum : undefined;
  const most = Math.min(maximum ?? Infinity, aboveMost === undefined ? Infinity : Math.ceil(aboveMost) - 1);
  const belowLeast = typeof over === 'number' ? over : over ? minimum : undefined;
  const above = belowLeast === undefined ? -Infinity : Math.floor(belowLeast) + 1;
  const given = Math.max(minimum ?? -Infinity, above);
  const least = given === -Infinity ? Math.min(1, most) : given;
  return [least, most === Infinity ? Math.max(least, 100) : most];
}

function givenIn({ example, examples, default: usual, const: only, enum: values }: Schema): unknown {
  const [first] = Array.isArray(examples) ? (examples as unknown[]) : [];
  return example ?? first ?? only ?? values?.[0] ?? usual;
}

function typeOf({ type, properties, items }: Schema): string | undefined {
  if (typeof type === 'string') return type;
  if (type) return type.find((one) => one !== 'null') ?? 'null';
  return properties ? 'object' : items ? 'array' : undefined;
}

/** Braces of an example are its own, and no holes of ours. */
export function withoutHoles(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\{(?=\{)/g, '{ ');
  if (Array.isArray(value)) return value.map(withoutHoles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutHoles(field)]));
}
