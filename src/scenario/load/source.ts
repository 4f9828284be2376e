import { isNode, isPair, isMap, LineCounter, parseDocument, type Document } from 'yaml';
import type { Path } from '../schema/json-schema.ts';

/** Bounds on untrusted files. */
export const MAX_FILE_BYTES = 256 * 1024;
const MAX_ALIASES = 100;

/** A scenario's parsed text, with the position of each value. */
export interface ScenarioSource {
  readonly value: unknown;
  /** `12:5`: line and column of a value (of its key where `atKey`), or of its nearest existing parent. */
  locate(path: Path, atKey?: boolean): string;
}

/** @returns the source, or the problems of the YAML itself (each with its position) */
export function parseSource(text: string): ScenarioSource | { readonly problems: readonly string[] } {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${line}:${col}`;
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    if (document.errors.length > 0) {
      return { problems: document.errors.map((e) => `${place(e.pos[0])} ${e.message}`) };
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, locate: (path, atKey = false) => place(offsetOf(document, path, atKey)) };
  } catch (error) {
    // Thrown by the parser for YAML that it refuses to build: too many aliases, nesting deeper than the stack.
    if (error instanceof ReferenceError)
      return { problems: [`1:1 Too many aliases, at most ${MAX_ALIASES} may be used: ${error.message}`] };
    if (error instanceof RangeError) return { problems: ['1:1 Nesting too deep'] };
    throw error;
  }
}

function offsetOf(document: Document, path: Path, atKey: boolean): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const whole = depth === path.length;
    const offset = whole && atKey ? keyOffset(document, path) : valueOffset(document, path.slice(0, depth));
    if (offset !== undefined) return offset;
  }
  return 0;
}

function valueOffset(document: Document, path: Path): number | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function keyOffset(document: Document, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isPair(item) && String(item.key) === path.at(-1));
  return pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
}
