import { cell, cellOf } from '../figures/cells.ts';
import { phasesOf, weakestRate } from '../figures/patterns.ts';
import { mostMet, rateVerdict } from '../figures/rates.ts';
import { printable, samplesOf, together } from '../figures/samples.ts';
import type { StoredDesign, StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

type Entry = NonNullable<StoredDesign['entries']>[number];

interface CalibratedLine {
  readonly entry: Entry;
  readonly noop: readonly StoredTrial[];
  readonly rates: Rates;
}

/** The highest rate that two trials sustained below the lowest that two did not. */
interface Rates {
  readonly sustained: number | undefined;
  readonly not: number | undefined;
  readonly limit: string | null;
  /** The search came to its end. */
  readonly isWhole: boolean;
}

const LIMITS: Readonly<Record<string, string>> = {
  'generator-bound': 'load generator late',
  disturbed: 'noisy host',
};

export const rules: readonly TableRule[] = [
  tableRule<CalibratedLine>({
    of: ['calibrate'],
    heading: /^No-op baseline and highest sustained rate$/,
    lines: linesOf,
    name: ({ entry }) => entry.pattern.title,
    columns: () => ({
      'No-op baseline p50': baselineCell,
      'Highest sustained rate': ({ rates: { sustained, isWhole } }) =>
        cellOf(sustained, write.rate, isWhole ? null : 'or above'),
      'Not sustained': ({ rates }) => cellOf(rates.not, write.rate),
      'Limited by': ({ rates: { limit } }) => cellOf(limit, (text) => LIMITS[text] ?? text),
      'Closed loop': ({ entry: { closedLoop } }) =>
        cellOf(closedLoop?.perS, write.rate, closedLoop?.tool ?? null),
      'Measured on': { words: 'the day of an earlier calibration' },
    }),
  }),
];

function linesOf({ design, trials }: StoredRecord): CalibratedLine[] {
  return (design.entries ?? []).map((entry) => {
    const own = trials.filter(({ key, at }) => key === entry.key && at === entry.at);
    const noop = own.filter(({ part }) => part === 'no-op');
    const searched = own.filter(({ part }) => part === 'sustained-rate');
    return { entry, noop, rates: ratesOf(searched, noop[0], design.within!) };
  });
}

/** All valid trials together; below it the range of their own medians. */
function baselineCell({ noop }: CalibratedLine): OwnCell {
  const each = phasesOf(noop.filter(({ validity }) => validity.verdict === 'valid')).map(
    ({ response }) => response,
  );
  const us = printable(together(each), 0.5);
  if (us === undefined) return NOTHING;
  const own = [us, ...each.flatMap((series) => printable(samplesOf(series), 0.5) ?? [])];
  const range = write.usRange(Math.min(...own), Math.max(...own), us);
  return cell(write.us(us), each.length > 1 ? range : null);
}

const VOTES = 2;
const MOST_DISCARDED = 3;

function ratesOf(trials: readonly StoredTrial[], first: StoredTrial | undefined, within: number): Rates {
  const tried = [...Map.groupBy(trials, ({ ratePerS }) => ratePerS!)].flatMap(([perS, own]) => {
    const verdicts = own.map((trial) => rateVerdict(trial).verdict);
    const count = (of: string) => verdicts.filter((one) => one === of).length;
    if (count('sustained') >= VOTES) return [{ perS, isSustained: true }];
    const isNot = count('not-sustained') >= VOTES || count('discarded') >= MOST_DISCARDED;
    return isNot ? [{ perS, isSustained: false }] : [];
  });
  const rates = (is: boolean) =>
    tried.filter(({ isSustained }) => isSustained === is).map(({ perS }) => perS);
  const not = rates(false).length === 0 ? undefined : Math.min(...rates(false));
  const below = rates(true).filter((perS) => perS < (not ?? Infinity));
  const sustained = below.length === 0 ? undefined : Math.max(...below);
  const next = nextRate(sustained, not, first && weakestRate(first), within);
  return {
    sustained,
    not,
    limit: mostMet(trials.filter(({ ratePerS }) => ratePerS === not).map(rateVerdict)),
    isWhole: next === undefined || tried.some(({ perS }) => perS === next),
  };
}

const LEAST = 20;
const MOST = 50_000;
const USUAL = 500;

/** What the search would try next: doubling, halving, then the middle on a logarithmic axis; undefined: near enough. */
function nextRate(
  sustained: number | undefined,
  not: number | undefined,
  capacity: number | undefined,
  within: number,
): number | undefined {
  const rounded = (perS: number) => Number(Math.min(MOST, Math.max(LEAST, perS)).toPrecision(3));
  if (sustained !== undefined && not !== undefined)
    return not / sustained <= within * 1.001 ? undefined : rounded(Math.sqrt(sustained * not));
  if (sustained !== undefined) return rounded(2 * sustained);
  return not === undefined ? rounded(capacity === undefined ? USUAL : capacity / 2) : rounded(not / 2);
}
