import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { generateSync, type JsonSchema } from 'json-schema-faker';
import { parseValue } from '../../../kernel/text-template.ts';
import { usual as usualLeaf, varying, withoutHoles } from './leaf.ts';
import { type Pruning, pruned, TooLarge } from './prune.ts';
import { regexOf, type SchemaObject } from './self-contained.ts';

/** A value for a request, with holes, and what it breaks of its schema where nothing better was found. */
export interface RequestValue {
  readonly value: unknown;
  /** `/items/0 must be integer`; absent: every value that it stands for fits. */
  readonly misfit?: string;
}

/** Depths to which optional fields are kept; the deepest one of which is small enough is taken. */
const DEPTHS = [6, 4, 3, 2, 1, 0];
/** Members of unions that are tried. */
const MEMBERS = 4;
const MOST_REPAIRS = 40;
/** Arrivals for which the holes are filled: the first ones, and late ones. */
const ARRIVALS = [0, 1, 2, 3, 4, 5, 6, 7, 99, 1000, 9_999_999];

/**
 * A value that the schema allows, checked against it as it will be sent: what the document gives first, then what is made
 * of the schema, with as much as is allowed, then with as little as is asked for.
 * @param given examples beside the schema
 * @throws TooLarge where the smallest value has more than MAX_VALUES
 */
export function valueFor(schema: SchemaObject, given: readonly unknown[] = []): RequestValue {
  const validate = validatorOf(schema);
  let first: RequestValue | undefined;
  for (const candidate of candidates(schema, given)) {
    const value = repaired(candidate, validate, schema);
    const misfit = misfitOf(value, validate);
    if (misfit === undefined) return { value };
    first ??= { value, misfit };
  }
  return first ?? { value: null, misfit: 'no finite value fits its schema' };
}

/** The usual value where it fits, else one that is made of the schema. */
export function firstFitting(schema: SchemaObject, usual: unknown): RequestValue {
  return misfitOf(usual, validatorOf(schema)) === undefined ? { value: usual } : valueFor(schema);
}

function* candidates(schema: SchemaObject, given: readonly unknown[]): Generator {
  yield* given.map(withoutHoles);
  const isSmall = { found: false };
  const seen = new Set<string>();
  for (const leaf of [varying, usualLeaf]) {
    for (let member = 0; member < MEMBERS; member++) {
      for (const depths of [DEPTHS, [0]]) {
        const tree = deepest(schema, depths, { leaf, member }, isSmall);
        const shape = JSON.stringify(tree);
        if (!tree || seen.has(shape)) continue;
        seen.add(shape);
        yield* generated(tree);
      }
    }
  }
}

/** @throws TooLarge where it is so at every depth, and nothing was small enough before */
function deepest(
  schema: SchemaObject,
  depths: readonly number[],
  how: Omit<Pruning, 'optionalDepth'>,
  isSmall: { found: boolean },
) {
  for (const optionalDepth of depths) {
    try {
      const tree = pruned(schema, { ...how, optionalDepth });
      isSmall.found = true;
      return tree;
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
    }
  }
  if (!isSmall.found && how.member === MEMBERS - 1) throw new TooLarge();
  return undefined;
}

function generated(tree: SchemaObject): unknown[] {
  try {
    return [
      generateSync(tree as JsonSchema, {
        seed: 1,
        alwaysFakeOptionals: true,
        maxDepth: 100,
        maxDefaultItems: 1,
      }),
    ];
  } catch {
    // The library gives up on contradictions; another candidate may do.
    return [];
  }
}

function validatorOf(schema: SchemaObject): ValidateFunction {
  const code = { regExp: Object.assign(regexOf, { code: 'regexOf' }) };
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    logger: false,
    validateSchema: false,
    code,
  });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** The first error of any arrival. */
function errorsOf(value: unknown, validate: ValidateFunction): readonly ErrorObject[] {
  const fill = parseValue(value, 1);
  for (const sequence of ARRIVALS) {
    const envelope = {
      trial: 0,
      stage: 'measured',
      sequence,
      attempt: 1,
      key: sequence % 100,
      deadlineNs: 0,
    } as const;
    if (!validate(fill(envelope))) return validate.errors ?? [];
  }
  return [];
}

function misfitOf(value: unknown, validate: ValidateFunction): string | undefined {
  const [error] = errorsOf(value, validate);
  return error && `${error.instancePath} ${error.message}`.trim();
}

/** Wrong parts replaced by what their own schema allows, or removed where they may be absent. */
function repaired(value: unknown, validate: ValidateFunction, root: SchemaObject): unknown {
  let best = value;
  let errors = errorsOf(best, validate);
  for (let tries = 0; errors.length > 0 && tries < MOST_REPAIRS; tries++) {
    const better = errors
      .toSorted((a, b) => b.instancePath.length - a.instancePath.length)
      .flatMap((error) => repairs(best, error, root))
      .map((next) => ({ next, left: errorsOf(next, validate) }))
      .find(({ left }) => left.length < errors.length);
    if (!better) return best;
    best = better.next;
    errors = better.left;
  }
  return best;
}

function repairs(
  value: unknown,
  { instancePath, parentSchema, keyword, params }: ErrorObject,
  root: SchemaObject,
): unknown[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  if (keyword === 'additionalProperties' && extra !== undefined) return [without(value, [...path, extra])];
  const tree = deepest(
    { ...(parentSchema as SchemaObject), $defs: root.$defs ?? {} },
    DEPTHS,
    { leaf: usualLeaf, member: 0 },
    { found: true },
  );
  const made = tree ? generated(tree).map((part) => replaced(value, path, part)) : [];
  return path.length > 0 ? [...made, without(value, path)] : made;
}

function replaced(value: unknown, [key, ...rest]: readonly string[], part: unknown): unknown {
  if (key === undefined) return part;
  if (typeof value !== 'object' || value === null) return value;
  const changed = replaced((value as Record<string, unknown>)[key], rest, part);
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
}

function without(value: unknown, path: readonly string[]): unknown {
  const copy = structuredClone(value);
  const owner = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], copy);
  if (Array.isArray(owner)) owner.splice(Number(path.at(-1)), 1);
  else if (typeof owner === 'object' && owner !== null) Reflect.deleteProperty(owner, path.at(-1)!);
  return copy;
}
