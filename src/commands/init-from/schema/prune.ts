import type { Schema, SchemaObject } from './self-contained.ts';

/** How an example is to be made of a schema. */
export interface Pruning {
  /** Fields that may be absent are kept down to this depth of objects and lists. */
  readonly optionalDepth: number;
  /** Which member of each `oneOf` and `anyOf`, modulo their number. */
  readonly member: number;
  /** A value of the document's own, or one that differs from call to call, in place of a leaf; undefined: none. */
  readonly leaf: (schema: SchemaObject) => unknown;
}

/** Values of one request: more would be no example, and some schemas grow without end. */
const MAX_VALUES = 2000;
const MAX_TEXT = 100_000;
/** A schema that holds itself is entered once more, then cut off where that is allowed. */
const MAX_ENTRIES = 2;

/** A schema needs more values, or a longer text, than one request may have. */
export class TooLarge extends Error {}

/**
 * A finite schema without references and choices: what is left has one shape, so that making an example of it ends.
 * @returns undefined where no finite value meets it
 * @throws TooLarge
 */
export function pruned(root: SchemaObject, pruning: Pruning): SchemaObject | undefined {
  const cut = prune(root, {
    ...pruning,
    defs: root.$defs ?? {},
    entered: [],
    ...ALONE,
    depth: 0,
    spent: { values: 0 },
  });
  return cut === undefined || typeof cut === 'boolean' ? undefined : cut;
}

/** Nothing stands beside a field or an item. */
const ALONE = { alsoRequired: [], described: [] };

interface Place extends Pruning {
  readonly defs: Readonly<Record<string, Schema>>;
  /** References that lead here. */
  readonly entered: readonly string[];
  readonly depth: number;
  /** Fields that a schema beside this one requires, and those that it describes. */
  readonly alsoRequired: readonly string[];
  readonly described: readonly string[];
  readonly spent: { values: number };
}

/** Keywords that a value is made from; all others are left to the check of what was made. */
const MADE_FROM = [
  'type',
  'const',
  'enum',
  'default',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'uniqueItems',
  'minProperties',
  'dependentRequired',
];

function prune(schema: Schema, at: Place): SchemaObject | undefined {
  if (typeof schema === 'boolean') return schema ? leafOf({}, at) : undefined;
  spend(at, 1);
  if (((schema['minLength'] as number | undefined) ?? 0) > MAX_TEXT) throw new TooLarge();
  const given = at.leaf(schema);
  if (given !== undefined) return { const: given };
  const parts = partsOf(schema, at);
  if (parts === undefined) return undefined;
  const own: Record<string, unknown> = {};
  for (const key of MADE_FROM) if (key in schema) own[key] = schema[key];
  if (typeof own['pattern'] === 'string') own['pattern'] = inAscii(own['pattern']);
  if (Array.isArray(schema.type)) own['type'] = typeOf(schema);
  const chosen = parts.flatMap(requiredIn);
  if (
    !pruneFields(schema, own, { ...at, alsoRequired: [...at.alsoRequired, ...chosen] }) ||
    !pruneItems(schema, own, at)
  )
    return undefined;
  return parts.length > 0 ? { ...own, allOf: parts } : own;
}

/** The first of several types that is not null; where none is given, the one that its keywords are about. */
export function typeOf(schema: SchemaObject): string | undefined {
  const { type } = schema;
  if (typeof type === 'string') return type;
  if (type) return type.find((one) => one !== 'null') ?? type[0];
  return Object.entries(ABOUT).find(([, keywords]) => keywords.some((key) => key in schema))?.[0];
}

const ABOUT: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties', 'minProperties'],
  array: ['items', 'prefixItems', 'minItems'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['pattern', 'minLength', 'maxLength', 'format'],
};

function leafOf(schema: SchemaObject, at: Place): SchemaObject {
  spend(at, 1);
  const value = at.leaf(schema);
  return value === undefined ? schema : { const: value };
}

function spend({ spent }: Place, values: number): void {
  spent.values += values;
  if (spent.values > MAX_VALUES) throw new TooLarge();
}

/** Schemas that hold beside the own keywords: what is referred to, all of `allOf`, one member of each union. */
function partsOf(schema: SchemaObject, at: Place): SchemaObject[] | undefined {
  const around = [schema, ...extendedBy(schema, at.defs)];
  const beside = {
    ...at,
    alsoRequired: [...at.alsoRequired, ...around.flatMap(({ required = [] }) => required)],
    described: [...at.described, ...around.flatMap(({ properties = {} }) => Object.keys(properties))],
  };
  const all: (SchemaObject | undefined)[] = [];
  if (schema.$ref !== undefined) all.push(entered(schema.$ref, beside));
  all.push(...(schema.allOf ?? []).map((part) => prune(part, beside)));
  for (const key of ['oneOf', 'anyOf']) {
    const members = schema[key] as readonly Schema[] | undefined;
    if (members) all.push(chosenOf(members, beside));
  }
  return all.includes(undefined) ? undefined : (all as SchemaObject[]);
}

function entered(ref: string, at: Place): SchemaObject | undefined {
  if (at.entered.filter((one) => one === ref).length >= MAX_ENTRIES) return undefined;
  const name = ref.slice('#/$defs/'.length);
  return prune(at.defs[name] ?? true, { ...at, entered: [...at.entered, ref] });
}

/** The wanted member, or the next one that a finite value can meet. */
function chosenOf(members: readonly Schema[], at: Place): SchemaObject | undefined {
  for (let i = 0; i < members.length; i++) {
    const cut = prune(members[(at.member + i) % members.length]!, at);
    if (cut) return cut;
  }
  return undefined;
}

/** What the parts ask for, of which the fields may be described beside them. */
function requiredIn({ required = [], allOf = [] }: SchemaObject): string[] {
  return [...required, ...allOf.flatMap((part) => (typeof part === 'object' ? requiredIn(part) : []))];
}

/** Schemas that its `allOf` names, themselves alone. */
function extendedBy({ allOf = [] }: SchemaObject, defs: Place['defs']): SchemaObject[] {
  return allOf.flatMap((part) => {
    const target =
      typeof part === 'object' && part.$ref !== undefined ? defs[part.$ref.slice('#/$defs/'.length)] : part;
    return typeof target === 'object' ? [target] : [];
  });
}

/** @returns whether every field that must be there can be */
function pruneFields(schema: SchemaObject, own: Record<string, unknown>, at: Place): boolean {
  const { properties = {}, required = [] } = schema;
  const others = schema['additionalProperties'];
  const inside = { ...at, depth: at.depth + 1, ...ALONE };
  const asked = [...required, ...at.alsoRequired];
  const fields: [string, SchemaObject][] = [];
  for (const [name, field] of Object.entries(properties)) {
    const isAsked = asked.includes(name);
    if (!isAsked && (at.depth >= at.optionalDepth || isReadOnly(field, at.defs))) continue;
    const cut = prune(field, inside);
    if (cut) fields.push([name, cut]);
    else if (isAsked) return false;
  }
  // Required, and described nowhere.
  const isBare = (name: string) => !Object.hasOwn(properties, name) && !at.described.includes(name);
  const bare = ['$ref', 'oneOf', 'anyOf', 'allOf'].some((key) => key in schema)
    ? []
    : required.filter(isBare);
  for (const name of bare) {
    const cut = prune(typeof others === 'object' ? (others as SchemaObject) : true, inside);
    if (!cut) return false;
    fields.push([name, cut]);
  }
  if (fields.length > 0) own['properties'] = Object.fromEntries(fields);
  if (required.length > 0) own['required'] = required;
  if (typeof others !== 'object' || others === null) return true;
  const least = (schema['minProperties'] as number | undefined) ?? 0;
  const cut = least > 0 ? prune(others as SchemaObject, inside) : undefined;
  if (cut) own['additionalProperties'] = cut;
  spend(at, least);
  return least === 0 || cut !== undefined;
}

function isReadOnly(field: Schema, defs: Place['defs']): boolean {
  if (typeof field === 'boolean') return false;
  const target = field.$ref === undefined ? undefined : defs[field.$ref.slice('#/$defs/'.length)];
  return field.readOnly === true || (typeof target === 'object' && target.readOnly === true);
}

/** One item where it may be; as many as must be. @returns whether these can be */
function pruneItems(schema: SchemaObject, own: Record<string, unknown>, at: Place): boolean {
  const { items } = schema;
  const first = schema['prefixItems'] as readonly Schema[] | undefined;
  const least = (schema['minItems'] as number | undefined) ?? 0;
  const inside = { ...at, depth: at.depth + 1, ...ALONE };
  if (first) {
    const cut = first.map((item) => prune(item, inside));
    if (cut.includes(undefined)) return false;
    own['prefixItems'] = cut;
    return true;
  }
  if (items === undefined && schema['type'] !== 'array') return true;
  const before = at.spent.values;
  const most = (schema['maxItems'] as number | undefined) ?? Number.POSITIVE_INFINITY;
  const wanted = Math.min(Math.max(least, at.depth < at.optionalDepth + 1 ? 1 : 0), most);
  const cut = wanted > 0 ? prune(items ?? true, inside) : undefined;
  spend(at, (at.spent.values - before) * Math.max(0, wanted - 1));
  const count = cut ? wanted : 0;
  if (cut) own['items'] = cut;
  own['minItems'] = count;
  own['maxItems'] = count;
  return cut !== undefined || least === 0;
}

/** A pattern whose letters and digits of any script are those of ASCII, as the library writes no others. */
function inAscii(pattern: string): string {
  let isInClass = false;
  return pattern.replaceAll(/\\p\{(\w+)\}|\\.|\[|\]/g, (found, property: string | undefined) => {
    if (found === '[') isInClass = true;
    if (found === ']') isInClass = false;
    const letters = property === undefined ? undefined : ASCII[property];
    return letters === undefined ? found : isInClass ? letters : `[${letters}]`;
  });
}

const ASCII: Readonly<Record<string, string>> = {
  L: 'A-Za-z',
  Letter: 'A-Za-z',
  Lu: 'A-Z',
  Ll: 'a-z',
  N: '0-9',
  Nd: '0-9',
  P: '.,!',
  Z: ' ',
  Zs: ' ',
};
