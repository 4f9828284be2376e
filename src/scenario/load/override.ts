import { parse } from 'yaml';
import { nestingProblem } from '../../kernel/foreign/nesting.ts';
import { HIDDEN, redactUrl } from '../../kernel/redact.ts';
import { isMapping } from './mapping.ts';
import { alternatives, schemasAt, type JsonSchema, type Path } from '../schema/json-schema.ts';
import { parseUnit } from '../schema/units.ts';

/** A value of the command line that replaces the file's. */
export interface Override {
  /** The user's own notation: problems with the value are reported there, not in the file. */
  readonly origin: string;
  /** Dotted; a list entry is given by its index or its `id`. */
  readonly path: string;
  readonly value: unknown;
}

/**
 * Parses `path=value` of `--set`. The value is YAML (`3`, `true`, `null`, `[a, b]`). A key with a unit also takes a
 * duration or a rate: `durationMs=5s`, `load.ratePerS=1k/s`.
 * @returns undefined where it is not of that form
 */
export function parseSetting(text: string): Override | undefined {
  const [, path, value] = /^([A-Za-z][A-Za-z0-9_.-]*)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) return undefined;
  return { origin: `--set ${shownSetting(path, value)}`, path, value: settingValue(path, value) };
}

/** `path=value`; of a target, or of a field that names a secret, without its value. */
export function shownSetting(path: string, value: string): string {
  if (path.startsWith('targets.') || SECRET.test(path)) return `${path}=${HIDDEN}`;
  return `${path}=${value.includes('://') ? redactUrl(value) : value}`;
}

/** Fields whose value is in no message. */
const SECRET = /(?:password|token|secret|authorization|cookie|api-?key)$/i;

function settingValue(path: string, text: string): unknown {
  const unit = parseUnit(path.slice(path.lastIndexOf('.') + 1), text);
  if (unit !== undefined) return unit;
  try {
    const value = parse(text, { maxAliasCount: 0, logLevel: 'error' }) as unknown;
    return nestingProblem(value) ? text : value;
  } catch {
    // Not YAML: the text itself, which is then validated.
    return text;
  }
}

/**
 * A copy of the scenario with one value replaced. Missing parents are made from the schema's defaults, so that
 * `load.ratePerS=500` needs no `load` in the file.
 * @returns the copy and the path that was set, list entries by index
 */
export function applyOverride(
  scenario: unknown,
  override: Override,
  schema: JsonSchema,
): { value: unknown; path: Path } {
  const path: (string | number)[] = [];
  const set = (at: unknown, keys: readonly string[]): unknown => {
    const [key, ...rest] = keys;
    if (key === undefined) return override.value;
    if (Array.isArray(at)) {
      const index = indexOf(at, key);
      path.push(index);
      return index < at.length ? at.with(index, set(at[index], rest)) : [...at, set(undefined, rest)];
    }
    const base = isMapping(at) ? at : defaultAt(schema, path);
    path.push(key);
    // Computed and spread, so that even `__proto__` is only a key, which validation then refuses.
    return { ...base, [key]: set(Object.hasOwn(base, key) ? base[key] : undefined, rest) };
  };
  return { value: set(scenario, override.path.split('.')), path };
}

function indexOf(list: readonly unknown[], key: string): number {
  if (/^\d{1,3}$/.test(key)) return Math.min(Number(key), list.length);
  const at = list.findIndex((entry) => isMapping(entry) && entry['id'] === key);
  return at < 0 ? list.length : at;
}

function defaultAt(schema: JsonSchema, path: Path): Record<string, unknown> {
  const found = schemasAt(schema, path)
    .flatMap(alternatives)
    .map((s) => s.default)
    .find(isMapping);
  return found ? structuredClone(found) : {};
}
