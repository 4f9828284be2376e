import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { HOSTILE, NUMBERS, SYNTAX } from './texts.ts';

/** One change of a file, with places as shares of its length: it means something in every file. */
type Mutation =
  | { readonly of: 'bytes'; readonly at: number; readonly length: number; readonly by: Uint8Array | null }
  | { readonly of: 'syntax'; readonly at: number; readonly length: number; readonly by: string }
  | { readonly of: 'token'; readonly at: number; readonly to: number; readonly by: string | null }
  | { readonly of: 'node'; readonly at: number; readonly to: number; readonly how: NodeChange }
  | { readonly of: 'histogram'; readonly at: number; readonly byte: number; readonly value: number };

const NODE_CHANGES = [
  'drop',
  'copy',
  'rename',
  'repeat',
  'number',
  'text',
  'null',
  'list',
  'mapping',
  'wrap',
] as const;
interface NodeChange {
  readonly do: (typeof NODE_CHANGES)[number];
  readonly text: string;
  readonly number: number;
}

/** Evenly: by itself the library prefers the ends, and a file is mostly refused by its first line. */
const PARTS = 2 ** 30;
const share = fc.noBias(fc.integer({ min: 0, max: PARTS - 1 })).map((part) => part / PARTS);
const anyText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 20 }));
const nodeChange = fc.record({
  do: fc.constantFrom(...NODE_CHANGES),
  text: anyText,
  number: fc.oneof(fc.constantFrom(...NUMBERS), fc.double({ noNaN: true, noDefaultInfinity: true })),
});
const of = <T extends string>(name: T) => fc.constant(name);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      of: of('bytes'),
      at: share,
      length: share,
      by: fc.option(fc.uint8Array({ maxLength: 8 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ of: of('syntax'), at: share, length: share, by: fc.constantFrom(...SYNTAX) }),
  },
  { weight: 2, arbitrary: fc.record({ of: of('token'), at: share, to: share, by: fc.option(anyText) }) },
  { weight: 8, arbitrary: fc.record({ of: of('node'), at: share, to: share, how: nodeChange }) },
  {
    weight: 1,
    arbitrary: fc.record({
      of: of('histogram'),
      at: share,
      byte: share,
      value: fc.integer({ min: 0, max: 255 }),
    }),
  },
);

/** What a case is drawn from: one number decides all. */
const drawing = fc.record({
  base: share,
  way: share,
  mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
});
export type Drawing = typeof drawing extends fc.Arbitrary<infer D> ? D : never;

export function drawCase(seed: number): Drawing {
  return fc.sample(drawing, { seed, numRuns: 1 })[0]!;
}

/** The mutated file. Changes of nodes need a file that can still be read; where it cannot, they are skipped. */
export function mutated(original: Uint8Array, mutations: readonly Mutation[], isJson: boolean): Uint8Array {
  return mutations.reduce<Uint8Array>((file, one) => mutate(file, one, isJson), original);
}

/** Most cuts are short: a file that lost its half is refused by its first lines alone. */
function spanOf(size: number, at: number, length: number): [from: number, to: number] {
  const from = Math.floor(at * size);
  return [from, Math.min(size, from + Math.floor(size ** length))];
}

function mutate(file: Uint8Array, one: Mutation, isJson: boolean): Uint8Array {
  const text = () => Buffer.from(file).toString('utf8');
  switch (one.of) {
    case 'bytes': {
      const [from, to] = spanOf(file.length, one.at, one.length);
      return Buffer.concat([file.subarray(0, from), one.by ?? Buffer.alloc(0), file.subarray(to)]);
    }
    case 'syntax': {
      const [from] = spanOf(file.length, one.at, one.length);
      return Buffer.concat([file.subarray(0, from), Buffer.from(one.by), file.subarray(from)]);
    }
    case 'token':
      return Buffer.from(withToken(text(), one));
    case 'node':
      return changed(text(), isJson, (nodes) => changeNode(nodes, one));
    case 'histogram':
      return changed(text(), isJson, (nodes) => changeHistogram(nodes, one));
  }
}

function withToken(text: string, { at, to, by }: Extract<Mutation, { of: 'token' }>): string {
  const tokens = text.split(/(\w+|\s+|[^\w\s])/);
  const [here, there] = [at, to].map((one) => Math.floor(one * tokens.length)) as [number, number];
  [tokens[here], tokens[there]] = [by ?? tokens[there]!, tokens[here]!];
  return tokens.join('');
}

/** A value in a document, by the mapping or list that holds it. */
interface Slot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function changed(text: string, isJson: boolean, change: (slots: readonly Slot[]) => void): Buffer {
  try {
    const value = (
      isJson ? JSON.parse(text) : parse(text, { maxAliasCount: 100, logLevel: 'silent' })
    ) as unknown;
    const slots = slotsIn(value);
    if (slots.length > 0) change(slots);
    // JSON has no infinity; a number of that size is written as a reader would meet it.
    return Buffer.from(isJson ? JSON.stringify(value) : stringify(value, { aliasDuplicateObjects: false }));
  } catch {
    return Buffer.from(text);
  }
}

function slotsIn(value: unknown, depth = 0): Slot[] {
  if (typeof value !== 'object' || value === null || depth > 60) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...slotsIn(holder[key], depth + 1)]);
}

function slotAt(slots: readonly Slot[], at: number): Slot {
  return slots[Math.floor(at * slots.length)]!;
}

function changeNode(slots: readonly Slot[], { at, to, how }: Extract<Mutation, { of: 'node' }>): void {
  const { holder, key } = slotAt(slots, at);
  const set = (value: unknown) => void Reflect.set(holder, key, value);
  switch (how.do) {
    case 'drop':
      return void (Array.isArray(holder)
        ? holder.splice(Number(key), 1)
        : Reflect.deleteProperty(holder, key));
    case 'copy': {
      const from = slotAt(slots, to);
      return set(structuredClone(from.holder[from.key]));
    }
    case 'rename':
      Object.defineProperty(holder, how.text, {
        value: holder[key],
        enumerable: true,
        configurable: true,
        writable: true,
      });
      return void (Array.isArray(holder) || Reflect.deleteProperty(holder, key));
    case 'repeat':
      return set(Array.from({ length: Math.ceil(10 ** (4 * to)) }, () => holder[key]));
    case 'number':
      return set(how.number);
    case 'text':
      return set(how.text);
    case 'null':
      return set(null);
    case 'list':
      return set([]);
    case 'mapping':
      return set({});
    case 'wrap':
      return set({ [how.text]: [holder[key]] });
  }
}

/** Within the packed bytes, so that the histogram can still be unpacked. */
function changeHistogram(
  slots: readonly Slot[],
  { at, byte, value }: Extract<Mutation, { of: 'histogram' }>,
): void {
  const histograms = slots.filter(({ key }) => key === 'histogram');
  if (histograms.length === 0) return;
  const { holder, key } = slotAt(histograms, at);
  const outer = Buffer.from(String(holder[key]), 'base64');
  const inner = inflateSync(outer.subarray(8), { maxOutputLength: 1e6 });
  inner[Math.floor(byte * inner.length)] = value;
  const packed = deflateSync(inner);
  const head = Buffer.from(outer.subarray(0, 8));
  head.writeUInt32BE(packed.length, 4);
  holder[key] = Buffer.concat([head, packed]).toString('base64');
}
