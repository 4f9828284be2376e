import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from 'yaml';
import { MOST_NESTING } from '../../kernel/foreign/nesting.ts';
import type { Path } from '../schema/json-schema.ts';

/** Bounds on untrusted files. */
export const MAX_FILE_BYTES = 256 * 1024;
const MAX_ALIASES = 100;
/** Problems that are looked for: a damaged file can have thousands, and each is looked up in it. */
export const MOST_PROBLEMS = 100;
const TOO_DEEP = `Nested deeper than ${MOST_NESTING} levels`;

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
  const refused = (problem: string, offset = 0) => ({ problems: [`${place(offset)} ${problem}`] });
  try {
    // Keys are compared below: the parser compares each with all others.
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
    });
    const problems = [
      ...document.errors.map(errorOf),
      ...(document.errors.length > 0 ? [] : problemsOfNodes(document)),
    ];
    if (problems.length > 0) {
      const placed = problems.slice(0, MOST_PROBLEMS).map(({ offset, what }) => `${place(offset)} ${what}`);
      // Brackets that are never closed are one problem at the end of the file.
      return { problems: [...new Set(placed)] };
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { value, locate: (path, atKey = false) => place(offsetOf(document, path, atKey)) };
  } catch (error) {
    // Thrown by the parser for YAML that it refuses to build: too many aliases, nesting deeper than the stack.
    if (error instanceof ReferenceError)
      return refused(`Too many aliases, at most ${MAX_ALIASES} may be used: ${error.message}`);
    if (error instanceof RangeError) return refused(TOO_DEEP);
    throw error;
  }
}

interface NodeProblem {
  readonly offset: number;
  readonly what: string;
}

/** The parser reports its own lack of stack as a fault of the text. */
function errorOf({ pos, message }: YAMLError): NodeProblem {
  return { offset: pos[0], what: /call stack/.test(message) ? TOO_DEEP : message };
}

/** What the parser accepts and nobody means: repeated keys, a part that contains itself, nesting without end. */
function problemsOfNodes(document: Document): NodeProblem[] {
  const problems: NodeProblem[] = [];
  const walk = (node: unknown, depth: number, anchors: readonly string[]): void => {
    if (!isNode(node) || problems.length >= MOST_PROBLEMS) return;
    const report = (what: string, at: Node = node) =>
      void problems.push({ offset: at.range?.[0] ?? 0, what });
    if (isAlias(node)) {
      if (anchors.includes(node.source)) report(`*${node.source} stands for a part that contains it`);
      return;
    }
    if (!isCollection(node)) return;
    if (depth >= MOST_NESTING) return report(TOO_DEEP);
    const inside = node.anchor === undefined ? anchors : [...anchors, node.anchor];
    const keys = new Set<string>();
    for (const item of node.items) {
      if (!isPair(item)) {
        walk(item, depth + 1, inside);
        continue;
      }
      const key = String(item.key);
      if (keys.has(key) && isNode(item.key)) report('Map keys must be unique', item.key);
      keys.add(key);
      walk(item.value, depth + 1, inside);
    }
  };
  walk(document.contents, 0, []);
  return problems;
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
