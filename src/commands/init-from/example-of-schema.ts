/** What is read here of a schema of OpenAPI 3, in either of its dialects. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly example?: unknown;
  readonly examples?: unknown;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly readOnly?: boolean;
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
    return Object.assign(
      {},
      ...parts.map((part) => objectOf(exampleOf(part, resolve, depth + 1))),
    ) as unknown;
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
      return BY_FORMAT[whole.format ?? ''] ?? 'text'.padEnd(Math.min(whole.minLength ?? 0, 1000), 't');
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

/** Whole numbers within the bounds; where only one fits, that. */
function exampleNumber({ minimum = 1, maximum = Math.max(minimum, 100) }: Schema): string | number {
  const from = Math.ceil(minimum);
  const to = Math.min(Math.floor(maximum), from + 1_000_000);
  return from < to ? `{{random ${from} ${to}}}` : minimum;
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

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** Braces of an example are its own, and no holes of ours. */
export function withoutHoles(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('{{', '{ {');
  if (Array.isArray(value)) return value.map(withoutHoles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutHoles(field)]));
}
