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
export const MAX_VALUES = 2000;
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
  const cut = prune(root, { ...pruning, defs: root.$defs ?? {}, entered: [], depth: 0, alsoRequired: [], spent: { values: 0 } });
  return cut === undefined || typeof cut === 'boolean' ? undefined : cut;
}

interface Place extends Pruning {
  readonly defs: Readonly<Record<string, Schema>>;
  /** References that lead here. */
  readonly entered: readonly string[];
  readonly depth: number;
  /** Fields that a schema beside this one requires. */
  readonly alsoRequired: readonly string[];
  readonly spent: { values: number };
}

/** Keywords that a value is made from; all others are left to the check of what was made. */
const KEPT = [
  ...['type', 'const', 'enum', 'default', 'format', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum'],
  ...['exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'uniqueItems', 'minProperties', 'dependentRequired'],
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
  for (const key of KEPT) if (key in schema) own[key] = schema[key];
  if (!pruneFields(schema, own, at) || !pruneItems(schema, own, at)) return undefined;
  return parts.length > 0 ? { ...own, allOf: parts } : own;
}

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
  const alsoRequired = [...at.alsoRequired, ...requiredIn(schema, at.defs)];
  const beside = { ...at, alsoRequired };
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

function requiredIn({ required = [], allOf = [] }: SchemaObject, defs: Place['defs']): string[] {
  const parts = allOf.filter((part) => typeof part !== 'boolean').map((part) => {
    const { $ref } = part;
    const target = $ref === undefined ? part : defs[$ref.slice('#/$defs/'.length)];
    return typeof target === 'object' ? target : {};
  });
  return [...required, ...parts.flatMap((part) => part.required ?? [])];
}

/** @returns whether every field that must be there can be */
function pruneFields(schema: SchemaObject, own: Record<string, unknown>, at: Place): boolean {
  const { properties = {}, required = [] } = schema;
  const others = schema['additionalProperties'];
  const inside = { ...at, depth: at.depth + 1, alsoRequired: [] };
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
  const bare = required.filter((name) => !Object.hasOwn(properties, name) && !isElsewhere(name, schema));
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

/** A part or a member beside may describe it. */
function isElsewhere(_name: string, schema: SchemaObject): boolean {
  return ['$ref', 'allOf', 'oneOf', 'anyOf'].some((key) => key in schema);
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
  const inside = { ...at, depth: at.depth + 1, alsoRequired: [] };
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
