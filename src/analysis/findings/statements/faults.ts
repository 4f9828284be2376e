import { wastedShare } from '../../faults/edge-totals.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { byCase, dependentOf, hopsOf } from '../../faults/fault-trials.ts';
import type { ServiceLedger } from '../../faults/service-ledgers.ts';
import { isAboutWaits, lostShare } from '../../faults/requests.ts';
import { type CaveatCount, caveatOf } from '../../patterns/caveat.ts';
import { type KnownQuantile, knownQuantile } from '../../patterns/known-quantile.ts';

/** Effects of the faults: losses, time to recover, then cost. With several cases, the losses of each. */
export type FaultStatement =
  | LostInFault
  | OfLines<'others-harmed' | 'recovered' | 'opened-falsely'>
  | WorkCounted
  | WorstCounted
  | { readonly code: 'waited'; readonly lines: readonly WaitOfLine[] }
  | { readonly code: 'wasted'; readonly lines: readonly WasteOfLine[] }
  | { readonly code: 'no-valid-comparison' };

interface OfLines<Code extends string> {
  readonly code: Code;
  readonly comparisons: readonly FaultComparison[];
}

export interface LostInFault {
  readonly code: 'lost-in-fault';
  readonly lines: readonly LossOfLine[];
  /** Titles of the endpoints that depend on the faulted part; null: all do. */
  readonly endpoints: readonly string[] | null;
  /** The recovery is stated here, too. */
  readonly isWithEnd: boolean;
  readonly caveats: CaveatsShown;
}

export interface LossOfLine {
  readonly comparison: FaultComparison;
  /** Loss against the control. */
  readonly lost: number;
  /** Share of the correct replies that came from a fallback; null: none. */
  readonly degraded: number | null;
  readonly caveat: CaveatCount | null;
}

/** A caveat that all comparisons share is stated once. */
type CaveatsShown = 'none' | 'each' | 'one-for-all' | 'various';

/** Kind of counted work: done more than once, or accepted and never done. */
export type CountedWork = 'duplicates' | 'lost';

export interface WorkCounted {
  readonly code: 'work-counted';
  readonly work: CountedWork;
  readonly lines: readonly CountsOfLine[];
  /** Fault comparisons without any. */
  readonly none: readonly FaultComparison[];
}

export interface WorstCounted {
  readonly code: 'worst-counted';
  readonly work: CountedWork;
  readonly worst: CountsOfLine;
}

export interface CountsOfLine {
  readonly comparison: FaultComparison;
  /** Services with any. */
  readonly ledgers: readonly ServiceLedger[];
}

export interface WaitOfLine {
  readonly comparison: FaultComparison;
  readonly known: KnownQuantile;
}

export interface WasteOfLine {
  readonly comparison: FaultComparison;
  readonly share: number;
}

const WORK: readonly CountedWork[] = ['duplicates', 'lost'];

export function faultStatements(comparisons: readonly FaultComparison[]): FaultStatement[] {
  const ran = comparisons.filter(({ missing }) => missing === null);
  const cases = byCase(ran);
  return cases.length > 1 ? statementsOfCases(cases) : statementsOfCase(ran);
}

function statementsOfCase(comparisons: readonly FaultComparison[]): FaultStatement[] {
  if (comparisons.length === 0) return [];
  return [
    ...lostInFault(comparisons, { isWithEnd: false, isCaveatShown: true }),
    ...othersHarmed(comparisons),
    ...recovered(comparisons),
    ...WORK.flatMap((work) => workCounted(comparisons, work)),
    ...waited(comparisons),
    ...wasted(comparisons),
    ...openedFalsely(comparisons),
  ];
}

/** Duplicates and losses are stated once for all cases; the tables show the rest. */
function statementsOfCases(cases: readonly FaultComparison[][]): FaultStatement[] {
  const all = cases.flat();
  const hasCaveats = all.every((comparison) => caveatOfComparison(comparison) !== null);
  return [
    ...cases.flatMap((of) => lostInFault(of, { isWithEnd: true, isCaveatShown: !hasCaveats })),
    ...WORK.flatMap((work) => worstCounted(all, work)),
    ...(hasCaveats ? [{ code: 'no-valid-comparison' } as const] : []),
  ];
}

interface FindingExtras {
  readonly isWithEnd: boolean;
  readonly isCaveatShown: boolean;
}

function lostInFault(
  comparisons: readonly FaultComparison[],
  { isWithEnd, isCaveatShown }: FindingExtras,
): LostInFault[] {
  if (comparisons.every(({ harm }) => harm.here.planned === 0)) return [];
  const losses = comparisons.map(lossOfLine);
  const caveats = isCaveatShown ? caveatsOf(losses) : 'none';
  return [
    { code: 'lost-in-fault', lines: losses, endpoints: dependentTitles(comparisons), isWithEnd, caveats },
  ];
}

function lossOfLine(comparison: FaultComparison): LossOfLine {
  const { here } = comparison.harm;
  return {
    comparison,
    lost: lostShare(comparison.harm),
    degraded: here.degraded > 0 ? here.degraded / here.correct : null,
    caveat: caveatOfComparison(comparison),
  };
}

/** A loss is a difference to the control, so a caveat of either applies. */
function caveatOfComparison({ trials, controls }: FaultComparison): CaveatCount | null {
  return caveatOf([...trials, ...controls]);
}

function caveatsOf(losses: readonly LossOfLine[]): CaveatsShown {
  const different = new Set(losses.map(({ caveat }) => JSON.stringify(caveat && comparable(caveat))));
  if (losses.length < 2 || losses.some(({ caveat }) => caveat === null)) return 'each';
  return different.size === 1 ? 'one-for-all' : 'various';
}

/** Where all trials have the caveat, their number is no difference. */
function comparable({ verdict, affected, of }: CaveatCount): unknown[] {
  return affected === of ? [verdict] : [verdict, affected, of];
}

function dependentTitles([comparison]: readonly FaultComparison[]): string[] | null {
  const [hops] = hopsOf(comparison?.trials ?? []);
  if (!comparison || !hops) return null;
  const of = dependentOf(comparison, hops);
  return of.length === hops.endpoints.length ? null : of.map(({ title }) => title);
}

function othersHarmed(comparisons: readonly FaultComparison[]): FaultStatement[] {
  const isHarmed = comparisons.some(({ health }) => (health.blast?.independent.harmed ?? 0) > 0);
  return isHarmed ? [{ code: 'others-harmed', comparisons }] : [];
}

function recovered(comparisons: readonly FaultComparison[]): FaultStatement[] {
  const states = comparisons.map(({ health }) => health.ending?.recovery.state ?? 'never-harmed');
  return states.every((state) => state === 'never-harmed') ? [] : [{ code: 'recovered', comparisons }];
}

function countsOfLine(comparison: FaultComparison, work: CountedWork): CountsOfLine {
  return { comparison, ledgers: comparison.work.ledgers.filter((ledger) => ledger[work] > 0) };
}

function workCounted(comparisons: readonly FaultComparison[], work: CountedWork): WorkCounted[] {
  const counts = comparisons.map((comparison) => countsOfLine(comparison, work));
  const hit = counts.filter(({ ledgers }) => ledgers.length > 0);
  if (hit.length === 0) return [];
  const none = counts.filter(({ ledgers }) => ledgers.length === 0).map(({ comparison }) => comparison);
  return [{ code: 'work-counted', work, lines: hit, none }];
}

/** The worst of many comparisons. */
function worstCounted(comparisons: readonly FaultComparison[], work: CountedWork): WorstCounted[] {
  const most = (comparison: FaultComparison) =>
    Math.max(0, ...comparison.work.ledgers.map((ledger) => ledger[work]));
  const worst = comparisons.toSorted((a, b) => most(b) - most(a))[0];
  if (!worst || most(worst) === 0) return [];
  return [{ code: 'worst-counted', work, worst: countsOfLine(worst, work) }];
}

function waited(comparisons: readonly FaultComparison[]): FaultStatement[] {
  if (!isAboutWaits(comparisons)) return [];
  const waits = comparisons.flatMap((comparison): WaitOfLine[] => {
    const { response } = comparison.harm.here;
    const known = response ? knownQuantile(response, 0.999) : undefined;
    return known ? [{ comparison, known }] : [];
  });
  return waits.length === 0 ? [] : [{ code: 'waited', lines: waits }];
}

/** A smaller share of wasted work is left to the tables. */
const NOTABLE_WASTE = 0.25;

function wasted(comparisons: readonly FaultComparison[]): FaultStatement[] {
  const waste = comparisons.flatMap((comparison): WasteOfLine[] => {
    const share = wastedShare(comparison.work.fromFault);
    return share === null ? [] : [{ comparison, share }];
  });
  return waste.some(({ share }) => share >= NOTABLE_WASTE) ? [{ code: 'wasted', lines: waste }] : [];
}

function openedFalsely(comparisons: readonly FaultComparison[]): FaultStatement[] {
  return comparisons.some(({ health }) => health.falseOpens) ? [{ code: 'opened-falsely', comparisons }] : [];
}
