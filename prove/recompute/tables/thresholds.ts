import { cell } from '../figures/cells.ts';
import { type FaultLine, faultLines } from '../figures/faults.ts';
import { recoveredTexts, recoveryBounds } from '../figures/health.ts';
import { isLate } from '../figures/medians.ts';
import {
  addUp,
  isWorkKnown,
  outcomes,
  phasesOf,
  plannedIn,
  ranVariants,
  secondsOf,
  seriesOf,
} from '../figures/patterns.ts';
import { atRank, LEAST_BEYOND, type Percentile, type Samples, together } from '../figures/samples.ts';
import type { StoredLedger, StoredPattern, StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type TableRule, tableRule } from '../rule.ts';

/** A threshold on a pattern under a variant in a case. */
interface ThresholdLine {
  readonly text: string;
  readonly asked: Asked;
  readonly record: StoredRecord;
  readonly pattern: StoredPattern;
  readonly variant: string | null;
  readonly case: string | null;
  readonly which: string | null;
  readonly trials: readonly StoredTrial[];
  /** Of a time to recover. */
  readonly line: FaultLine | null;
}

interface Asked {
  readonly scope: readonly string[];
  readonly figure: string;
  /** In 1/100,000, so that no rounding moves a rank; null: no percentile. */
  readonly quantile: number | null;
  readonly comparator: string;
  /** In us, per second, as a share, or a count. */
  readonly limit: number;
}

/** What is known of a figure, in the unit of its limit. */
interface Found {
  readonly low: number;
  readonly high: number;
  /** Bounds where calls met noise, which makes a figure worse and never better. */
  readonly inNoise?: Bounds;
  /** Of bounds that may differ. */
  readonly text: (bounds: Bounds) => string;
  readonly why?: string | undefined;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Not known, and why. */
interface Unknown {
  readonly why: string;
}

interface Evaluation {
  readonly verdict: 'met' | 'missed' | 'not evaluated';
  readonly note: string | null;
  readonly measured: string | null;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, '/s': 1, 'k/s': 1e3, '%': 0.01, '': 1 };

function askedIn(text: string): Asked {
  const parts = /^(?:(.*): )?([a-z-]+)(?: p([\d.]+))? ([<>=]+) ([\d.]+)(.*)$/.exec(text)!;
  const [, scope = '', figure = '', percent, comparator = '', value = '', unit = ''] = parts;
  return {
    scope: scope.split('/').filter((id) => id !== ''),
    figure,
    quantile: percent === undefined ? null : Math.round(Number(percent) * 1000),
    comparator,
    limit: Number((Number(value) * UNITS[unit]!).toPrecision(12)),
  };
}

const COUNTS: Readonly<Record<string, (ledger: StoredLedger) => number>> = {
  lost: ({ accepted, late }) => accepted.done0 - (late ?? 0),
  duplicates: ({ accepted, refused, unknown }) => accepted.doneMore + refused.doneMore + unknown.doneMore,
  phantom: ({ refused }) => refused.done1 + refused.doneMore,
  'out-of-order': ({ outOfOrder }) => outOfOrder,
  'dead-lettered': ({ accepted, refused, unknown }) =>
    accepted.deadLettered + refused.deadLettered + unknown.deadLettered,
};

export const rules: readonly TableRule[] = [
  tableRule<ThresholdLine>({
    of: ['run'],
    heading: /^Thresholds$/,
    lines: (record) => (record.scenario.thresholds ?? []).flatMap((text) => linesOf(record, text)),
    name: ({ pattern }) => pattern.title,
    columns: () => ({
      Variant: ({ variant }) => variant ?? '',
      Case: (one) => one.case ?? '',
      Trials: ({ which }) => (which === null ? '' : which === 'fault' ? 'with fault' : which),
      Threshold: ({ text }) => text,
      Verdict: (one) => {
        const { verdict, note } = evaluate(one);
        return cell(verdict, note);
      },
      Measured: (one) => evaluate(one).measured ?? NOTHING,
    }),
  }),
];

function linesOf(record: StoredRecord, text: string): ThresholdLine[] {
  const asked = askedIn(text);
  const isIn = (...ids: (string | null | undefined)[]) =>
    asked.scope.every((id) => [...ids, 'fault', 'control'].includes(id));
  if (asked.figure === 'recovery') {
    return faultLines(record)
      .filter(({ pattern, variant, case: of }) => isIn(pattern.id, variant?.id, of?.id))
      .map((line) => ({ ...titled(line), text, asked, which: 'fault', trials: line.trials, line }));
  }
  const which = whichOf(record, asked);
  return combinations(record, which)
    .filter(({ pattern, variant, case: of }) => isIn(pattern.id, variant?.id, of?.id))
    .map((one) => ({ ...titled(one), text, asked, which, line: null, trials: trialsOf(one, which, asked) }));
}

type Combination = Pick<FaultLine, 'record' | 'pattern' | 'variant' | 'case'>;

function titled({ record, pattern, variant, case: of }: Combination) {
  return { record, pattern, variant: variant?.title ?? null, case: of?.title ?? null };
}

/** Case by case, then pattern by pattern, then variant by variant: what was planned, run or not. */
function combinations(record: StoredRecord, which: string | null): Combination[] {
  const { scenario, design, patterns } = record;
  const planned = which === 'fault' ? (design.order ?? []).filter(({ kind }) => kind === 'fault') : [];
  const cases = [null, ...(scenario.cases ?? [])].filter((of) => {
    return planned.length === 0 ? of === null : planned.some((entry) => (entry.case ?? null) === idOf(of));
  });
  const variants = ranVariants(record);
  const all = cases.flatMap((of) =>
    patterns.flatMap((pattern) =>
      (variants.length > 0 ? variants : [null]).map((variant) => ({ record, pattern, variant, case: of })),
    ),
  );
  const isPlanned = ({ pattern, variant, case: of }: Combination) =>
    pattern.state === 'not-run' ||
    planned.some(
      (entry) =>
        entry.pattern === pattern.id &&
        [null, idOf(variant)].includes(entry.variant ?? null) &&
        (entry.case ?? null) === idOf(of),
    );
  return planned.length === 0 ? all : all.filter(isPlanned);
}

function idOf(one: { readonly id: string } | null): string | null {
  return one?.id ?? null;
}

/** Of a scenario with faults: its faulted trials, unless a word says otherwise; counts are of all trials. */
function whichOf({ design, scenario }: StoredRecord, { scope, figure }: Asked): string | null {
  const word = scope.find((id) => id === 'fault' || id === 'control');
  if (word !== undefined) return word;
  if ((scenario.cases ?? []).some(({ id }) => scope.includes(id))) return 'fault';
  return (design.order ?? []).some(({ kind }) => kind === 'fault') && !(figure in COUNTS) ? 'fault' : null;
}

function trialsOf(
  { record, pattern, variant, case: of }: Combination,
  which: string | null,
  { figure }: Asked,
) {
  const isOfKind = (kind: string) => {
    if (which !== null) return kind === which;
    return figure in COUNTS ? kind !== 'no-op' && kind !== 'wire-bytes' : kind === 'latency';
  };
  return record.trials.filter(
    (trial) =>
      trial.state === 'done' &&
      trial.pattern === pattern.id &&
      (variant === null || trial.variant == null || trial.variant === variant.id) &&
      (which !== 'fault' || (trial.case ?? null) === (of?.id ?? null)) &&
      isOfKind(trial.kind),
  );
}

function foundIn({ asked, line }: ThresholdLine, trials: readonly StoredTrial[]): Found | Unknown {
  const { figure, quantile } = asked;
  const phases = phasesOf(trials);
  const planned = plannedIn(phases);
  if (line) return recoveryIn({ ...line, trials });
  const isUnconfirmed = outcomes(phases, 'ok') > 0 && addUp(phases, ({ response }) => response.count) === 0;
  if (isUnconfirmed && ['response', 'goodput', 'failures'].includes(figure))
    return { why: 'sent without a confirm: the instant of acceptance is unknown' };
  if (quantile !== null) return percentileIn(asked, trials, quantile);
  if (figure in COUNTS) {
    const ledgers = trials.filter(isWorkKnown).flatMap((trial) => trial.ledgers);
    const count = addUp(ledgers, COUNTS[figure]!);
    return { low: count, high: count, text: () => write.count(count) };
  }
  // No noise makes a call fail so.
  const broken = outcomes(phases, 'error') + outcomes(phases, 'contract-broken');
  if (figure === 'failures') {
    const failed = planned - addUp(phases, ({ correct }) => correct);
    const [low, high] = [broken / planned, failed / planned];
    const text = `${write.share(high)}, ${write.count(failed)} of ${write.count(planned)}`;
    return { low: high, high, inNoise: { low, high }, text: () => text };
  }
  const isGoodput = figure === 'goodput';
  const good = addUp(phases, ({ correct, doneInTime }) => (isGoodput ? correct : doneInTime));
  const perS = good / secondsOf(phases);
  const most = isGoodput ? (planned - broken) / secondsOf(phases) : Infinity;
  const text = ({ low, high }: Bounds) => `${low === high ? '' : '≥ '}${write.rate(low)}`;
  return { low: perS, high: perS, inNoise: { low: perS, high: most }, text };
}

const SERIES = { response: 'response', completion: 'completion', 'first-item': 'firstItem' } as const;

/** Of all planned calls: one without an answer took longer than any other. */
function percentileIn({ figure }: Asked, trials: readonly StoredTrial[], quantile: number): Found | Unknown {
  const of = SERIES[figure as keyof typeof SERIES];
  const phases = phasesOf(trials.filter((trial) => of !== 'completion' || isWorkKnown(trial)));
  const planned = plannedIn(phases);
  if (phases.length === 0) return { why: 'acceptance only: completion at the target is unknown' };
  const samples = together(seriesOf(phases, of));
  if (!samples) return { why: 'nothing streams here' };
  const rank = Math.max(1, Math.ceil((planned * quantile) / 1e5));
  const isBound = isLate(phases, quantile / 1e5);
  const name = write.quantile(quantile / 1e5);
  const why = isBound ? `the generator itself was too late at ${name}` : undefined;
  const found = rank > samples.count ? undefined : atRank(samples, rank)!;
  if (found && !found.isKnown) return { why: neededText(name, samples, found) };
  const us = found ? found.us : Infinity;
  const missing = planned - samples.count;
  const text = found
    ? ({ low, high }: Bounds) => `${low === high ? '' : '≤ '}${write.us(high)}`
    : () => `never, ${write.share(missing / planned)} of ${write.count(planned)}`;
  return { low: isBound ? 0 : us, high: us, inNoise: { low: 0, high: us }, text, why };
}

const NO_RECOVERY: Readonly<Record<string, string>> = {
  [NOTHING.text]: 'no fault was measured whose health is known',
  'not watched': 'too little arrived after the fault to see a recovery',
  'too few calls': 'too few arrivals to evaluate its health',
};

function recoveryIn(line: FaultLine): Found | Unknown {
  const bounds = recoveryBounds(line);
  const [text] = recoveredTexts(line);
  if (!bounds) return { why: NO_RECOVERY[text]! };
  const [low, high] = bounds.map((ns) => ns / 1000) as [number, number];
  // The control may have met noise, too.
  return { low, high, inNoise: { low: 0, high: Infinity }, text: () => text };
}

/**
 * A limit that is kept in spite of noise is met, one that is missed by what noise does not cause is missed; else trials
 * that are not valid are left out. Counts of the ledger are exact in any complete trial.
 */
function evaluate(one: ThresholdLine): Evaluation {
  const { trials, pattern, asked } = one;
  const complete = trials.filter(({ validity }) => validity.verdict !== 'incomplete');
  const valid = trials.filter(({ validity }) => validity.verdict === 'valid');
  if (pattern.state === 'not-run') return notEvaluated('the pattern was not run');
  if (trials.length === 0) return notEvaluated('no trial was finished');
  const none = `not evaluated: ${verdictsOf(trials)}`;
  if (complete.length === 0) return notEvaluated(none);
  if (asked.figure in COUNTS || valid.length === complete.length)
    return evaluationOf(foundIn(one, complete), asked, excludedText(trials, complete));
  const found = foundIn(one, complete);
  const inNoise = evaluationOf('text' in found ? { ...found, ...found.inNoise } : found, asked, null);
  const others = othersText(trials, valid);
  if (inNoise.verdict === 'met') return { ...inNoise, note: `${others}, which can only have made it worse` };
  if (inNoise.verdict === 'missed') return { ...inNoise, note: `${others}, which does not cause errors` };
  return valid.length === 0
    ? { ...inNoise, note: none }
    : evaluationOf(foundIn(one, valid), asked, excludedText(trials, valid));
}

function notEvaluated(note: string): Evaluation {
  return { verdict: 'not evaluated', note, measured: null };
}

/** Both bounds must agree. */
function evaluationOf(found: Found | Unknown, asked: Asked, note: string | null): Evaluation {
  if (!('text' in found)) return notEvaluated(found.why);
  const [atLow, atHigh] = [found.low, found.high].map((value) => holds(value, asked));
  const measured = found.text(found);
  if (atLow !== atHigh) return { verdict: 'not evaluated', note: found.why ?? note, measured };
  return { verdict: atLow ? 'met' : 'missed', note, measured };
}

function verdictsOf(trials: readonly StoredTrial[]): string {
  return [...new Set(trials.map(({ validity }) => validity.verdict))].join(', ');
}

/** `2 of 5 disturbed`. */
function othersText(trials: readonly StoredTrial[], kept: readonly StoredTrial[]): string {
  const others = trials.filter((trial) => !kept.includes(trial));
  return `${others.length} of ${trials.length} ${verdictsOf(others)}`;
}

function excludedText(trials: readonly StoredTrial[], kept: readonly StoredTrial[]): string | null {
  if (kept.length === trials.length) return null;
  const others = trials.filter((trial) => !kept.includes(trial));
  return `${others.length} of ${trials.length} excluded: ${verdictsOf(others)}`;
}

function holds(value: number, { comparator, limit }: Asked): boolean {
  const isEqual = value === limit;
  if (comparator === '==') return isEqual;
  const isBeyond = comparator.startsWith('<') ? value < limit : value > limit;
  return isBeyond || (comparator.endsWith('=') && isEqual);
}

/** Why a percentile is not known. */
function neededText(name: string, { count }: Samples, { beyond, intervals }: Percentile): string {
  return beyond < LEAST_BEYOND
    ? `${name} needs ${LEAST_BEYOND} samples beyond it, found ${beyond} of ${write.plural(count, 'call')}`
    : `${name} needs samples beyond it from 5 separate 100 ms intervals, found ${intervals}`;
}
