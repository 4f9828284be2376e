import { cell } from '../figures/cells.ts';
import { type FaultLine, faultLines, hasCases } from '../figures/faults.ts';
import { recoveredTexts, recoveryBounds } from '../figures/health.ts';
import { isLate } from '../figures/medians.ts';
import { addUp, isWorkKnown, phasesOf, plannedIn, ranVariants, secondsOf } from '../figures/patterns.ts';
import { atRank, LEAST_BEYOND, type Samples, together } from '../figures/samples.ts';
import type { StoredLedger, StoredPattern, StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

/** A threshold on a pattern under a variant in a case: of trials that are all valid, where their noise matters. */
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
  readonly text: string;
  readonly why: string | null;
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
      Verdict: (one) => verdictCell(one, foundIn(one)),
      Measured: (one) => foundIn(one)?.text ?? NOTHING,
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

/** Case by case, then pattern by pattern, then variant by variant. */
function combinations(record: StoredRecord, which: string | null): Combination[] {
  const variants = ranVariants(record);
  const all = faultLines(record);
  const isByCase = which === 'fault' && hasCases(all);
  const cases = isByCase ? (record.scenario.cases ?? []) : [null];
  return cases.flatMap((of) =>
    record.patterns.flatMap((pattern) =>
      (variants.length > 0 ? variants : [null])
        .filter((variant) => !isByCase || all.some((one) => one.case === of && one.variant === variant))
        .map((variant) => ({ record, pattern, variant, case: of })),
    ),
  );
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

/** Undefined: not known. */
function foundIn({ asked, trials, line }: ThresholdLine): Found | undefined {
  const { figure, quantile } = asked;
  const phases = phasesOf(trials);
  const planned = plannedIn(phases);
  if (line) return recoveryIn(line);
  if (quantile !== null)
    return percentileIn(trials, figure === 'response' ? 'response' : 'completion', quantile);
  if (figure in COUNTS) {
    const ledgers = trials.filter(isWorkKnown).flatMap((trial) => trial.ledgers);
    const count = addUp(ledgers, COUNTS[figure]!);
    return exactly(count, write.count(count));
  }
  if (figure === 'failures') {
    const failed = planned - addUp(phases, ({ correct }) => correct);
    const text = `${write.share(failed / planned)}, ${write.count(failed)} of ${write.count(planned)}`;
    return exactly(failed / planned, text);
  }
  const good = addUp(phases, ({ correct, doneInTime }) => (figure === 'goodput' ? correct : doneInTime));
  return exactly(good / secondsOf(phases), write.rate(good / secondsOf(phases)));
}

function exactly(value: number, text: string): Found {
  return { low: value, high: value, text, why: null };
}

/** Of all planned calls: one without an answer took longer than any other. */
function percentileIn(
  trials: readonly StoredTrial[],
  of: 'response' | 'completion',
  quantile: number,
): Found | undefined {
  const phases = phasesOf(trials.filter((trial) => of === 'response' || isWorkKnown(trial)));
  const planned = plannedIn(phases);
  const samples = together(phases.map((phase) => phase[of]))!;
  const rank = Math.max(1, Math.ceil((planned * quantile) / 1e5));
  const isBound = isLate(phases, quantile / 1e5);
  const why = isBound ? `the generator itself was too late at ${write.quantile(quantile / 1e5)}` : null;
  if (rank > samples.count) {
    const text = `never, ${write.share((planned - samples.count) / planned)} of ${write.count(planned)}`;
    return { low: isBound ? 0 : Infinity, high: Infinity, text, why };
  }
  const found = atRank(samples, rank)!;
  if (!found.isKnown) return undefined;
  return {
    low: isBound ? 0 : found.us,
    high: found.us,
    text: `${isBound ? '≤ ' : ''}${write.us(found.us)}`,
    why,
  };
}

function recoveryIn(line: FaultLine): Found | undefined {
  const bounds = recoveryBounds(line);
  if (!bounds) return undefined;
  const [low, high] = bounds.map((ns) => ns / 1000) as [number, number];
  return { low, high, text: recoveredTexts(line)[0], why: null };
}

function verdictCell(one: ThresholdLine, found: Found | undefined): OwnCell {
  if (!found) return cell('not evaluated', one.asked.quantile === null ? null : neededText(one));
  const [atLow, atHigh] = [found.low, found.high].map((value) => holds(value, one.asked));
  if (atLow === atHigh) return cell(atLow ? 'met' : 'missed');
  return cell('not evaluated', found.why);
}

function holds(value: number, { comparator, limit }: Asked): boolean {
  const isEqual = value === limit;
  if (comparator === '==') return isEqual;
  const isBeyond = comparator.startsWith('<') ? value < limit : value > limit;
  return isBeyond || (comparator.endsWith('=') && isEqual);
}

/** Why a percentile is not known. */
function neededText({ trials, asked: { figure, quantile } }: ThresholdLine): string {
  const phases = phasesOf(trials);
  const samples: Samples = together(
    phases.map((phase) => phase[figure === 'response' ? 'response' : 'completion']),
  )!;
  const { beyond, intervals } = atRank(samples, Math.ceil((plannedIn(phases) * quantile!) / 1e5))!;
  const name = write.quantile(quantile! / 1e5);
  return beyond < LEAST_BEYOND
    ? `${name} needs ${LEAST_BEYOND} samples beyond it, found ${beyond} of ${write.plural(samples.count, 'call')}`
    : `${name} needs samples beyond it from 5 separate 100 ms intervals, found ${intervals}`;
}
