import { z } from 'zod';
import { guess } from '../load/guess.ts';
import { type Breach, rule } from '../rules/rule.ts';
import {
  type FigureKind,
  THRESHOLD_FIGURE_NAMES,
  THRESHOLD_FIGURES,
  type ThresholdFigure,
} from './threshold-figures.ts';
import { requestFields, requestNamesOf } from './target-requests.ts';
import { parseDurationMs, parseRatePerS } from './units.ts';

const COMPARISONS = ['<', '<=', '>', '>=', '=='] as const;
type Comparator = (typeof COMPARISONS)[number];

/** Words of a scope for the trials of a scenario with faults: with its faults, or its controls without. */
export const TRIALS_IN_SCOPE = ['fault', 'control'] as const;
export type TrialsInScope = (typeof TRIALS_IN_SCOPE)[number];

/** A parsed threshold. */
export interface Threshold {
  /** The original text. */
  readonly text: string;
  /**
   * Ids of a pattern, a variant, a case, an operation or flow of a target (of a flow's step both), and one of
   * TRIALS_IN_SCOPE: it applies to what has all of them; empty: to everything.
   */
  readonly scope: readonly string[];
  readonly figure: ThresholdFigure;
  /** Quantile of a percentile; null for other figures. */
  readonly quantile: number | null;
  readonly comparator: Comparator;
  /** Times in ms, rates per second, shares from 0 to 1, counts. */
  readonly limit: number;
}

const UNITS: Readonly<
  Record<FigureKind, { readonly expected: string; readonly parse: (text: string) => number | undefined }>
> = {
  percentile: { expected: 'a time with its unit, such as 20ms or 1.5s', parse: parseDurationMs },
  time: { expected: 'a time with its unit, such as 500ms or 5s', parse: parseDurationMs },
  rate: {
    expected: 'a rate such as 195/s or 1k/s',
    parse: (text) => (text.includes('/') ? parseRatePerS(text) : undefined),
  },
  share: { expected: 'a share such as 0.1%', parse: parsePercent },
  count: {
    expected: 'a whole number',
    parse: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
  },
};

function parsePercent(text: string): number | undefined {
  const [, figure] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text) ?? [];
  const share = Number((Number(figure) / 100).toPrecision(12));
  return share <= 1 ? share : undefined;
}

/**
 * Parses `[ids:] figure [percentile] comparator limit`, such as `rest: response p99 < 20ms` or `lost == 0`.
 * @returns the threshold, or the problem of the text: expected and found
 */
export function parseThreshold(text: string): Threshold | { readonly problem: string } {
  const [, ids, figure = '', percentile, sign = '', limit = ''] =
    /^\s*(?:([^:<>=]*):)?\s*([^\s:<>=]*)\s*([^:<>=]*?)\s*([<>=!]+)\s*(.*?)\s*$/.exec(text) ?? [];
  if (sign === '') {
    return problem('a figure, a comparison and a limit, such as `response p99 < 20ms`', text);
  }
  const name = THRESHOLD_FIGURE_NAMES.find((known) => known === figure);
  if (!name)
    return problem(
      `one of ${THRESHOLD_FIGURE_NAMES.join(', ')}`,
      figure,
      guess(figure, THRESHOLD_FIGURE_NAMES),
    );
  const { kind } = THRESHOLD_FIGURES[name];
  const quantile = quantileOf(name, percentile ?? '');
  if (typeof quantile === 'object' && quantile !== null) return quantile;
  const comparator = COMPARISONS.find((known) => known === sign);
  if (!comparator) return problem(`one of ${COMPARISONS.join(', ')}`, sign);
  // A measured value never equals a limit exactly.
  if (comparator === '==' && kind !== 'count') return problem(`<, <=, > or >=, as ${name} is no count`, '==');
  const value = UNITS[kind].parse(limit);
  if (value === undefined) return problem(`${UNITS[kind].expected} after ${name}`, limit);
  const scope = (ids ?? '').split('/').map((id) => id.trim());
  if (ids !== undefined && scope.includes(''))
    return problem('ids of patterns, variants, cases or operations, fault or control before the colon', text);
  return {
    text: text.trim(),
    scope: ids === undefined ? [] : scope,
    figure: name,
    quantile,
    comparator,
    limit: value,
  };
}

/** 0.999 for `p99.9`; a problem where a percentile is missing, or given for a figure without one. */
function quantileOf(name: ThresholdFigure, text: string): number | null | { readonly problem: string } {
  if (THRESHOLD_FIGURES[name].kind !== 'percentile') {
    return text === '' ? null : problem(`a comparison after ${name}, which has no percentiles`, text);
  }
  const [, digits] = /^p(\d{1,2}(?:\.\d{1,3})?)$/.exec(text) ?? [];
  const quantile = Number((Number(digits) / 100).toPrecision(12));
  return quantile > 0 ? quantile : problem(`a percentile after ${name}, such as p50 or p99.9`, text);
}

function problem(expected: string, found: string, more = ''): { readonly problem: string } {
  return { problem: `Expected ${expected}, found ${found === '' ? 'nothing' : found}${more}` };
}

/** YAML reads `rest: lost == 0` as a mapping of one entry, which is accepted. */
const writtenSchema = z.union([z.string().max(120), z.record(z.string().max(120), z.string().max(120))]);
type Written = z.infer<typeof writtenSchema>;

function textOf(written: Written): string {
  if (typeof written === 'string') return written;
  return Object.entries(written)
    .map(([scope, rest]) => `${scope}: ${rest}`)
    .join(', ');
}

/** Parses a threshold of a valid scenario. */
export function readThreshold(written: Written): Threshold {
  const read = parseThreshold(textOf(written));
  // Validated by the schema.
  if ('problem' in read) throw new Error(read.problem);
  return read;
}

// Checked, not transformed: the editors' schema cannot represent the default of a transform.
const thresholdSchema = writtenSchema.superRefine((written, context) => {
  const read = parseThreshold(textOf(written));
  if ('problem' in read) context.addIssue({ code: 'custom', message: read.problem });
});

export const thresholdsSchema = z
  .array(thresholdSchema)
  .max(50)
  .default([])
  .describe(
    'required limits, e.g. response p99 < 20ms, lost == 0, rest: goodput >= 195/s, fault: failures < 5%; a missed one gives exit code 5',
  );

const asked = z.array(writtenSchema);
const withIds = z.array(z.object({ id: z.string() }));
const targets = z.record(z.string(), z.looseObject(requestFields));
const scoped = { thresholds: asked, patterns: withIds, variants: withIds, cases: withIds, targets };

/** Rules on thresholds within the scenario. */
export const THRESHOLD_RULES = [
  rule(scoped, unknownScopes),
  rule(scoped, scopesOfNothing),
  rule(scoped, ambiguousScopes),
  rule(scoped, unfitOperations),
  rule({ thresholds: asked, faults: z.array(z.unknown()), cases: withIds }, faultsOfNothing),
];

/** Parsed thresholds, each with its path; unparsable ones are skipped. */
function placed(
  thresholds: readonly Written[],
): { readonly path: (string | number)[]; readonly read: Threshold }[] {
  return thresholds.flatMap((written, i) => {
    const read = parseThreshold(textOf(written));
    return 'problem' in read ? [] : [{ path: ['thresholds', i], read }];
  });
}

interface WithIds {
  readonly id: string;
}

interface Scoped {
  readonly thresholds: readonly Written[];
  readonly patterns: readonly WithIds[];
  readonly variants: readonly WithIds[];
  readonly cases: readonly WithIds[];
  readonly targets: z.infer<typeof targets>;
}

/** Ids that are no operation's. */
function idsOf({ patterns, variants, cases }: Scoped): string[] {
  return [...patterns, ...variants, ...cases].map(({ id }) => id);
}

function unknownScopes(s: Scoped): Breach[] {
  const operations = Object.values(s.targets).flatMap(requestNamesOf);
  const named = [...new Set([...idsOf(s), ...operations.flatMap((name) => name.split('/'))])];
  const ids = [...named, ...TRIALS_IN_SCOPE];
  return placed(s.thresholds).flatMap(({ path, read }) =>
    read.scope
      .filter((id) => !ids.includes(id))
      .map((id) => ({
        path,
        message: `Expected the id of a pattern, a variant${operations.length > 0 ? ', an operation' : ''} or a case (${named.join(', ')}), fault or control, found ${id}${guess(id, ids)}`,
      })),
  );
}

const KINDS = { patterns: 'pattern', variants: 'variant', cases: 'case' } as const;

/** Scopes with two patterns apply to nothing: such a threshold would never be evaluated, and so never be missed. */
function scopesOfNothing(s: Scoped): Breach[] {
  const keys = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const keysOf = (id: string) => keys.filter((key) => s[key].some((one) => one.id === id));
  return placed(s.thresholds).flatMap(({ path, read }) =>
    keys.flatMap((key) => {
      const ids = [...new Set(read.scope)].filter((id) => keysOf(id).join() === key);
      const expected = `Expected at most one ${KINDS[key]} before the colon`;
      return ids.length < 2 ? [] : [{ path, message: `${expected}, found ${ids.join(' and ')}` }];
    }),
  );
}

/**
 * The operation, flow or step (FLOW/STEP) of a scope; null: the whole mix.
 * @param names of operations, flows and steps
 */
export function operationInScope(
  { scope }: Pick<Threshold, 'scope'>,
  names: readonly string[],
): string | null {
  const words = new Set(names.flatMap((name) => name.split('/')));
  const own = scope.filter((id) => words.has(id));
  return own.length === 0 ? null : own.join('/');
}

/** Figures that single operations have; a step is done when it is answered. */
const OF_OPERATIONS: readonly ThresholdFigure[] = [
  'response',
  'completion',
  'first-item',
  'goodput',
  'done-in-time',
  'failures',
];
const OF_STEPS: readonly ThresholdFigure[] = ['response', 'goodput', 'failures'];

/** Names that no target in the scope has, and figures that are of the whole mix alone. */
function unfitOperations(s: Scoped): Breach[] {
  const taken = idsOf(s);
  return placed(s.thresholds).flatMap(({ path, read }): Breach[] => {
    const of = Object.entries(s.targets).filter(([id]) => scopeHasPattern(read, s, id));
    const names = of.flatMap(([, target]) => requestNamesOf(target)).filter((name) => !taken.includes(name));
    const operation = operationInScope(read, names);
    if (operation === null) return [];
    if (!names.includes(operation)) {
      const message = `Expected one operation, flow or FLOW/STEP (${names.join(', ')}), found ${operation}`;
      return [{ path, message }];
    }
    const figures = operation.includes('/') ? OF_STEPS : OF_OPERATIONS;
    if (figures.includes(read.figure)) return [];
    const message = `${read.figure} is not known of ${operation} alone: expected one of ${figures.join(', ')}`;
    return [{ path, message }];
  });
}

/** The scope names this pattern, or none. */
function scopeHasPattern({ scope }: Threshold, { patterns }: Scoped, id: string): boolean {
  const named = patterns.filter((pattern) => scope.includes(pattern.id));
  return named.length === 0 || named.some((pattern) => pattern.id === id);
}

/** Recovery is only measured where the scenario has faults, and only there trials differ in having them. */
function faultsOfNothing(s: {
  readonly thresholds: readonly Written[];
  readonly faults: readonly unknown[];
  readonly cases: readonly WithIds[];
}): Breach[] {
  const hasFaults = s.faults.length > 0 || s.cases.length > 0;
  return placed(s.thresholds).flatMap(({ path, read: { figure, scope } }) => {
    const words = TRIALS_IN_SCOPE.filter((word) => scope.includes(word));
    const needing =
      figure === 'recovery' ? 'A threshold of recovery' : words.map((word) => `\`${word}:\``)[0];
    if (needing !== undefined && !hasFaults)
      return [{ path, message: `${needing} needs \`faults\` or \`cases\`` }];
    const isOfFault =
      figure === 'recovery' || words.includes('fault') || s.cases.some(({ id }) => scope.includes(id));
    if (!words.includes('control') || !isOfFault) return [];
    return [
      { path, message: 'Expected a threshold on trials with faults or on controls, found one on both' },
    ];
  });
}

/** `fault` and `control` before the colon always mean trials. */
function ambiguousScopes(s: Scoped): Breach[] {
  const ids = idsOf(s);
  const operations = Object.values(s.targets).flatMap(requestNamesOf);
  const words = operations.flatMap((name) => name.split('/'));
  return placed(s.thresholds).flatMap(({ path, read: { scope } }) => [
    ...TRIALS_IN_SCOPE.filter((word) => scope.includes(word) && [...ids, ...words].includes(word)).map(
      (word) => ({
        path,
        message: `\`${word}\` before the colon means trials, but is also the id of a pattern, a variant, a case or an operation: rename that`,
      }),
    ),
    ...scope
      .filter((id) => ids.includes(id) && words.includes(id))
      .map((id) => ({
        path,
        message: `${id} before the colon is the id of a pattern, a variant or a case, and of an operation: rename one`,
      })),
  ]);
}
