import { type Envelope, stageCode } from './envelope.ts';
import { CommbenchError } from './errors.ts';
import { messageId } from './message-id.ts';
import { didYouMean } from './nearest.ts';
import { draw } from './random.ts';

/**
 * Texts with placeholders, `{{sequence}}`, filled for each arrival: parsed once, filled by joining. Random values are
 * drawn by hash of seed, trial, stage, sequence and place. One arrival thus always has one text, and a warm-up repeats
 * nothing that is measured (DESIGN 3.15).
 */

/** One message's values: its envelope, and the seed of its trial. */
export type Fill = (envelope: Envelope) => string;
/** The same of a JSON value: a new one each time. */
export type FillValue = (envelope: Envelope) => unknown;

/** A hole's value. It is kept as it is where it is all of a JSON text. */
type Hole = (envelope: Envelope) => unknown;

const HOLE = /\{\{\s*([^{}]*?)\s*\}\}/g;
/** The placeholders and their meaning; docs/targets.md lists them too. */
export const HOLES: Readonly<Record<string, string>> = {
  sequence: 'number of the arrival, from 0; again from 0 in the warm-up',
  key: 'ordering key of the arrival, from 0 to `keys` - 1',
  id: 'a UUID (version 8) of run, trial, stage and sequence, by which a completion is matched',
  uuid: 'a random UUID (version 4)',
  'random FROM TO': 'a random whole number, both ends included',
  'env NAME': 'a variable of the environment of `commbench`, stored in no result',
};

/**
 * Parses a text.
 * @throws CommbenchError bad-scenario for an unknown placeholder
 */
export function parseText(text: string, seed: number, place = ''): Fill {
  const parts = partsOf(text, seed, place);
  if (parts.every((part) => typeof part === 'string')) {
    const whole = parts.join('');
    return () => whole;
  }
  return (envelope) => {
    let filled = '';
    for (const part of parts) filled += typeof part === 'string' ? part : textOf(part(envelope));
    return filled;
  };
}

/** A value within a text: a list or mapping as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Parses a JSON value: every text in it may have holes, its keys none; a text that is one hole and no more takes its value as it is. */
export function parseValue(value: unknown, seed: number, place = ''): FillValue {
  if (typeof value === 'string') {
    const parts = partsOf(value, seed, place);
    const [only] = parts;
    if (parts.length === 1 && typeof only === 'function') return only;
    return parseText(value, seed, place);
  }
  if (Array.isArray(value)) {
    const items = value.map((item, i) => parseValue(item, seed, `${place}.${i}`));
    return (envelope) => items.map((item) => item(envelope));
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const fields = Object.entries(value).map(
    ([key, field]) => [key, parseValue(field, seed, `${place}.${key}`)] as const,
  );
  return (envelope) => Object.fromEntries(fields.map(([key, field]) => [key, field(envelope)]));
}

/** A JSON value as the text that goes over the wire, made by joining alone. */
export function parseJson(value: unknown, seed: number, place = ''): Fill {
  const fills = jsonParts(value, seed, place);
  return (envelope) => {
    let filled = '';
    for (const part of fills) filled += typeof part === 'string' ? part : part(envelope);
    return filled;
  };
}

/** A body: a text as it is, anything else as JSON. */
export function parseBody(body: unknown, seed: number, place = 'body'): Fill {
  return typeof body === 'string' ? parseText(body, seed, place) : parseJson(body, seed, place);
}

/**
 * Problems in the placeholders of a value, with their paths.
 * @param taken names of values from earlier answers, which holes may have too
 */
export function templateProblems(
  value: unknown,
  taken: readonly string[] = [],
): { path: (string | number)[]; message: string }[] {
  if (typeof value === 'string') {
    return [...value.matchAll(HOLE)].flatMap(([, words = '']) => {
      const message = holeProblem(words, taken);
      return message === undefined ? [] : [{ path: [], message }];
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, field]) =>
    templateProblems(field, taken).map(({ path, message }) => ({
      path: [isList ? Number(key) : key, ...path],
      message,
    })),
  );
}

/**
 * A copy of a value with every `{{env NAME}}` replaced.
 * @throws CommbenchError bad-scenario where the variable is not set
 */
export function withEnvironment<T>(value: T, env: Readonly<Record<string, string | undefined>>): T {
  return withHoles(value, (hole, what, name) => (what === 'env' ? variable(name, env) : hole));
}

/** A copy of a value in which every `{{id}}` bears the mark of its run, as messages of other runs may be around. */
export function withMark<T>(value: T, mark: string): T {
  return withHoles(value, (hole, what) => (what === 'id' ? `{{id ${mark}}}` : hole));
}

/** A copy of a value in which the holes of these names are values from earlier answers. */
export function withTaken<T>(value: T, names: readonly string[]): T {
  return withHoles(value, (hole, what, more) => (names.includes(what) && !more ? `{{take ${what}}}` : hole));
}

/** Whether any text of a value has this hole. */
export function hasHole(value: unknown, name: string): boolean {
  let isFound = false;
  withHoles(value, (hole, what) => {
    isFound ||= what === name;
    return hole;
  });
  return isFound;
}

/** @param replace of a hole, its first word and its second */
function withHoles<T>(value: T, replace: (hole: string, what: string, name: string) => string): T {
  if (typeof value === 'string') {
    return value.replaceAll(HOLE, (hole, words: string) => {
      const [what = '', name = ''] = words.split(/\s+/);
      return replace(hole, what, name);
    }) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => withHoles(item, replace)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, withHoles<unknown>(field, replace)]),
  ) as T;
}

function variable(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const found = env[name];
  if (found !== undefined) return found;
  throw new CommbenchError('bad-scenario', `The environment variable ${name} is not set`, {
    hint: `A target needs it for {{env ${name}}}. Set it: ${name}=... commbench run ...`,
  });
}

/** The mark of ids where there is no run. */
const NO_RUN = '000000000000';

/** Texts and holes in turn. */
function partsOf(text: string, seed: number, place: string): (string | Hole)[] {
  const parts: (string | Hole)[] = [];
  let at = 0;
  for (const found of text.matchAll(HOLE)) {
    if (found.index > at) parts.push(text.slice(at, found.index));
    parts.push(holeOf(found[1]!, seed, `${place}#${found.index}`));
    at = found.index + found[0].length;
  }
  if (at < text.length || parts.length === 0) parts.push(text.slice(at));
  return parts;
}

function holeOf(words: string, seed: number, place: string): Hole {
  const problem = holeProblem(words);
  if (problem !== undefined) throw new CommbenchError('bad-scenario', problem);
  const [what, ...args] = words.split(/\s+/);
  const drawn = ({ trial, stage, sequence }: Envelope, n: number) =>
    draw(seed, `template ${place} ${stageCode(stage)} ${n}`, sequence, trial);
  switch (what) {
    case 'sequence':
      return ({ sequence }) => sequence;
    case 'key':
      return ({ key }) => key;
    case 'id': {
      const [mark = NO_RUN] = args;
      return (envelope) => messageId(mark, envelope);
    }
    case 'uuid':
      return (envelope) => uuidOf((n) => drawn(envelope, n));
    case 'random': {
      const [from, to] = args.map(Number) as [number, number];
      return (envelope) => from + Math.floor(drawn(envelope, 0) * (to - from + 1));
    }
    case 'take': {
      const [name = ''] = args;
      return ({ taken }) => taken?.[name];
    }
    default:
      // Replaced before anything is sent; a hole that is left is a defect.
      throw new CommbenchError('defect', `Expected {{${words}}} to be replaced by now`);
  }
}

/** The argument of an id is the mark of its run, inserted before anything is sent; so is `take` (see `withTaken`). */
const ARGUMENT: Readonly<Record<string, RegExp>> = {
  env: /^[A-Za-z_]\w*$/,
  id: /^[0-9a-f]{12}$/,
  take: /^[A-Za-z_]\w*$/,
};

/** @param taken names of holes for values from earlier answers */
function holeProblem(words: string, taken: readonly string[] = []): string | undefined {
  const [what = '', ...args] = words.split(/\s+/);
  const holes = [...taken, ...Object.keys(HOLES)];
  const known = [...holes, 'take NAME'].find((hole) => hole.split(' ')[0] === what);
  if (known === undefined) {
    const names = holes.map((hole) => hole.split(' ')[0]!);
    return `Expected one of {{${holes.join('}}, {{')}}}, found {{${words}}}. ${didYouMean(what, names)}`;
  }
  if (what === 'random') return randomProblem(words, args);
  const isRight =
    args.length === 0
      ? what !== 'env' && what !== 'take'
      : args.length === 1 && ARGUMENT[what]?.test(args[0]!);
  return isRight ? undefined : `Expected {{${known}}}, found {{${words}}}`;
}

/** A draw has 32 bits: with a larger span some numbers would never come. */
const MAX_SPAN = 2 ** 32;

function randomProblem(words: string, args: readonly string[]): string | undefined {
  const [from = NaN, to = NaN] = args.map((arg) => (/^-?\d{1,15}$/.test(arg) ? Number(arg) : NaN));
  if (args.length === 2 && from <= to && to - from < MAX_SPAN) return undefined;
  return `Expected {{random FROM TO}} with two whole numbers, the smaller one first and less than 2^32 apart, found {{${words}}}`;
}

/** RFC 9562, 5.4: 122 bits drawn, 16 at a time. */
function uuidOf(next: (n: number) => number): string {
  const word = (n: number) => Math.floor(next(n) * 0x1_0000);
  const hex = (value: number) => value.toString(16).padStart(4, '0');
  const version = (word(3) & 0x0fff) | 0x4000;
  const variant = (word(4) & 0x3fff) | 0x8000;
  const [a, b, c, d, e, f] = [word(0), word(1), word(2), word(5), word(6), word(7)].map(hex);
  return `${a}${b}-${c}-${hex(version)}-${hex(variant)}-${d}${e}${f}`;
}

/** Literal JSON alternating with the JSON that fills the placeholders. */
function jsonParts(value: unknown, seed: number, place: string): (string | Fill)[] {
  if (typeof value === 'string') {
    const parts = partsOf(value, seed, place);
    if (parts.every((part) => typeof part === 'string')) return [JSON.stringify(value)];
    const fill = parseValue(value, seed, place);
    return [(envelope) => JSON.stringify(fill(envelope))];
  }
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value ?? null)];
  const isList = Array.isArray(value);
  const fields = Object.entries(value).flatMap(([key, field], i) => [
    ...(i > 0 ? [','] : []),
    ...(isList ? [] : [`${JSON.stringify(key)}:`]),
    ...jsonParts(field, seed, `${place}.${key}`),
  ]);
  return joined([isList ? '[' : '{', ...fields, isList ? ']' : '}']);
}

function joined(parts: readonly (string | Fill)[]): (string | Fill)[] {
  const out: (string | Fill)[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else out.push(part);
  }
  return out;
}
