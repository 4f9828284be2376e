import { scryptSync } from 'node:crypto';
import {
  HIDDEN,
  isRedacted,
  lengthText,
  redactLocation,
  redactUrl,
  withoutLiterals,
} from '../../kernel/redact.ts';
import type { Scenario } from '../schema/schema.ts';
import type { ScenarioTarget } from '../schema/targets-schema.ts';
import { valueText } from '../rules/problem.ts';
import type { Path } from '../schema/json-schema.ts';
import { isMapping } from './mapping.ts';

/**
 * Fields of a target that are stored as they are: choices, names of places, limits. Of all other fields, and of fields
 * that a transport will have, names and shapes are stored, and no values.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  'method',
  'status',
  'notNull',
  'proto',
  'reflection',
  'operationName',
  'queue',
  'exchange',
  'topic',
  'contentType',
  'persistent',
  'confirm',
  'declare',
  'acks',
  'cwd',
  'port',
  'withinMs',
  'signal',
  'header',
  'field',
  'include',
  'httpVersion',
  'mechanism',
  'share',
  // Of a step: thresholds and tables go by it.
  'name',
  'items',
  'everyMs',
]);
/** Headers whose values say how a message is written, by name in lower case. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-encoding',
  'content-type',
]);

/** The scenario as it may be stored: of the values of its targets only what is known to be harmless. */
export function withoutSecrets(scenario: Scenario): Scenario {
  const targets = Object.entries(scenario.targets).map(([id, target]) => [id, storedTarget(target)] as const);
  return { ...scenario, targets: Object.fromEntries(targets) };
}

/** With a hash of the whole where values are missing: whether two results had the same ones is still known. */
function storedTarget(target: ScenarioTarget): ScenarioTarget {
  const shown = shownTarget(target);
  return JSON.stringify(shown) === JSON.stringify(target) ? target : { ...shown, hidden: hashOf(target) };
}

/** Costs of a guess: some 50 ms each, so that short values are not found by trying. */
const SCRYPT = { N: 16_384, r: 8, p: 1 };

function hashOf(target: ScenarioTarget): string {
  return scryptSync(JSON.stringify(target), 'commbench target', 12, SCRYPT).toString('hex');
}

/** A target, or settings of one, without values that are not known to be harmless. */
export function shownTarget<T extends object>(target: T): T {
  return Object.fromEntries(Object.entries(target).map(([key, value]) => [key, shownField(key, value)])) as T;
}

function shownField(key: string, value: unknown): unknown {
  if (HARMLESS.has(key)) return value;
  switch (key) {
    case 'url':
      return typeof value === 'string' ? redactUrl(value) : shownValue(value);
    case 'path':
      return typeof value === 'string' ? redactLocation(value) : shownValue(value);
    case 'command':
      return shownCommand(value);
    case 'headers':
    case 'metadata':
      return isMapping(value) ? mapped(value, shownHeader) : shownValue(value);
    case 'document':
      return typeof value === 'string' ? value.replaceAll(LITERAL, `"${HIDDEN}"`) : shownValue(value);
    // Names of files and hosts, and of the fields of an answer.
    case 'tls':
    case 'take':
      return value;
    case 'operations':
    case 'flows':
      return isMapping(value) ? mapped(value, (_name, one) => shownRequest(one)) : shownValue(value);
    case 'steps':
      return Array.isArray(value) ? value.map(shownRequest) : shownValue(value);
    case 'ready':
    case 'stop':
    case 'stream':
    case 'sasl':
    case 'success':
    case 'completion':
    case 'correlate':
      return isMapping(value) ? mapped(value, shownField) : shownValue(value);
    default:
      return shownValue(value);
  }
}

function shownRequest(value: unknown): unknown {
  return isMapping(value) ? shownTarget(value) : shownValue(value);
}

/** What was found at a path of a target, as a message may show it. */
export function shownFound(value: unknown, path: Path): string {
  const shown = shownField(String(path.at(-1)), value);
  if (shown === value || value === undefined) return valueText(value);
  return typeof value === 'string' ? lengthText(value) : valueText(shown);
}

/** Texts in a GraphQL document. */
const LITERAL = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"/g;

function shownHeader(name: string, value: unknown): unknown {
  return HARMLESS_HEADERS.has(name.toLowerCase()) ? value : shownValue(value);
}

/** Its shape: lists and names. Texts are reduced to their {{holes}}. */
function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return withoutLiterals(value);
  if (typeof value === 'number') return HIDDEN;
  if (Array.isArray(value)) return value.map(shownValue);
  return isMapping(value) ? mapped(value, (_key, inner) => shownValue(inner)) : value;
}

function mapped(
  value: Readonly<Record<string, unknown>>,
  show: (key: string, value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, show(key, inner)]));
}

/** A program without its words. */
export function shownCommand(command: unknown): unknown {
  const [program = '', ...words] = typeof command === 'string' ? command.split(/\s+/) : [command].flat();
  const shown = [shownProgram(String(program)), ...words.map((word) => withoutLiterals(String(word)))];
  return typeof command === 'string' ? shown.join(' ') : shown;
}

/** The path of a program, where it looks like one. */
export function shownProgram(program: string): string {
  return /^[\w./+-]{1,200}$/.test(program) ? program : lengthText(program);
}

/** Names of the values removed from a target, without which it cannot be driven. */
export function hiddenIn(target: ScenarioTarget): string[] {
  return hiddenPaths(target, []);
}

function hiddenPaths(value: unknown, path: readonly string[]): string[] {
  if (typeof value === 'string') return isRedacted(value) ? [path.join('.')] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => hiddenPaths(inner, [...path, key]));
}

/** Shorter values are not looked for: they are parts of other words. */
const LEAST_LENGTH = 4;

/** A text of a target's program without the values that it was given. */
export function withoutValuesOf(given: object, text: string): string {
  const values = textsIn(given).flatMap((value) => [value, ...value.split(/\s+/), ...value.split(/[\s=]+/)]);
  const longestFirst = [...new Set(values)].toSorted((a, b) => b.length - a.length);
  return longestFirst
    .filter((value) => value.length >= LEAST_LENGTH)
    .reduce((shown, value) => shown.replaceAll(value, HIDDEN), text);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
