import { mergeSeries } from '../../measure/figures/histogram.ts';
import type { Result } from '../../record/record.ts';
import type { Analysis } from '../analysis.ts';
import type { Aspect, WordJudgement } from '../claims/words/word.ts';
import type { JudgedRow } from '../claims/words/words.ts';
import type { Caveat, Finding, FoundFigure } from '../finding.ts';
import { wholeCpuUs } from '../patterns/cpu.ts';
import { foundCoupling } from '../patterns/found-coupling.ts';
import { knownQuantile } from '../patterns/known-quantile.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf, ratioBetween, relationOf } from '../patterns/order.ts';
import { hasBroker, outagePhases, type ResultRow, sameGuarantee } from '../patterns/row.ts';
import { patternOf, quantileFigure, rankFigures } from './figures.ts';
import { whyUnjudged } from './unjudged.ts';

/** Which pattern to take and at what price, then how often the guides were right. */
export function choiceFindings({ result, patterns: rows, words }: Analysis): Finding[] {
  const answer = fastestResponse(rows);
  const away = tolerance(rows);
  const price = away && answer?.verdict !== 'no-recommendation' ? priceOf(result, rows, away) : undefined;
  return [answer, away, price, ...ratings(words)].filter((finding) => finding !== undefined);
}

/**
 * Of those that answer, which answers soonest. Nothing is recommended unless every candidate was judged: the best
 * of those that happen to be left is no recommendation.
 */
function fastestResponse(rows: readonly ResultRow[]): Finding | undefined {
  const candidates = rows.filter((row) => row.waitsFor === 'reply');
  if (candidates.length < 2) return undefined;
  const saturated = candidates.filter(isSaturated);
  const groups = orderOf(
    candidates.filter((row) => !saturated.includes(row)),
    'response',
  );
  const ranked = groups.flat();
  const unjudged = candidates.filter((row) => !ranked.includes(row) && !saturated.includes(row));
  const best = groups[0]?.[0];
  return {
    code: 'fastest-response',
    subject: candidates.map(patternOf),
    figures: [
      ...rankFigures(groups),
      ...ranked.map((row) => quantileFigure(row, 'response', 0.5)),
      ...ranked.flatMap((row) => (best && row !== best ? ratioFigure(row, best, 'response') : [])),
    ],
    verdict: !best || unjudged.length > 0 ? 'no-recommendation' : choiceVerdict(groups, ranked),
    caveats: [
      ...unjudged.map((row) => ({ code: whyUnjudged(row, 'response'), of: row.pattern.id })),
      ...saturated.map((row): Caveat => ({ code: 'saturated', of: row.pattern.id })),
      ...(sameGuarantee(ranked) ? [] : [{ code: 'unequal-guarantees' }]),
    ],
  };
}

function choiceVerdict(groups: readonly (readonly ResultRow[])[], ranked: readonly ResultRow[]): string {
  if (groups[0]!.length === 1) return 'fastest';
  return comparableRounds(ranked, 'response') < ORDER_ROUNDS ? 'too-few-rounds' : 'not-significant';
}

/** Its percentiles are of a growing backlog, or of the few calls that did. */
function isSaturated({ latency }: ResultRow): boolean {
  return latency.some((trial) => trial.load.verdict === 'saturated');
}

function ratioFigure(row: ResultRow, of: ResultRow, kind: 'response' | 'completion'): FoundFigure[] {
  const interval = ratioBetween(row, of, kind);
  if (!interval) return [];
  const { ratio, low, high, level } = { level: 0.99, ...interval };
  const figure = { name: `${kind}-ratio`, of: row.pattern.id, value: ratio, unit: 'ratio' } as const;
  return [{ ...figure, interval: { low, high, level } }];
}

/** Who goes on while the service is down, and what becomes of the work. */
export function tolerance(rows: readonly ResultRow[]): Finding | undefined {
  if (rows.every((row) => row.outage.length === 0)) return undefined;
  const found = rows.map((row) => ({ row, coupling: foundCoupling(row, 'outage') }));
  const loose = found.flatMap(({ row, coupling }) =>
    coupling.state === 'known' && coupling.coupling.verdict === 'loose' ? [row] : [],
  );
  const unjudged = found.flatMap(({ row, coupling }) => (coupling.state === 'unknown' ? [row] : []));
  return {
    code: 'tolerates-downtime',
    subject: loose.map(patternOf),
    figures: loose.flatMap(keptFigures),
    verdict: loose.length > 0 ? 'tolerates' : 'none',
    caveats: unjudged.map((row) => ({ code: whyNoCoupling(row), of: row.pattern.id })),
  };
}

function keptFigures(row: ResultRow): FoundFigure[] {
  const found = foundCoupling(row, 'outage');
  if (found.state === 'unknown') return [];
  const { intended, served, finallyDone } = found.coupling;
  const share = (name: string, n: number): FoundFigure => {
    return { name, of: row.pattern.id, value: n / intended, unit: 'share' };
  };
  const phases = outagePhases(row.outage);
  const late =
    phases.length > 0 ? knownQuantile(mergeSeries(phases.map((one) => one.completion))) : undefined;
  const lateness = late && `completion-p${late.quantile * 100}-of-outage`;
  return [
    share('accepted', served),
    share('done', finallyDone),
    ...(lateness ? [{ name: lateness, of: row.pattern.id, value: late.valueUs, unit: 'us' as const }] : []),
  ];
}

function whyNoCoupling(row: ResultRow): string {
  if (row.pattern.state === 'not-run') return 'not-run';
  if (row.pattern.target !== null) return 'target';
  return row.outage.length === 0 ? 'failed' : 'not-valid';
}

/** What it takes to go on without the service, against the pattern that answers soonest. */
function priceOf(result: Result, rows: readonly ResultRow[], { subject }: Finding): Finding | undefined {
  const loose = rows.filter(({ pattern }) => subject.some(({ id }) => id === pattern.id));
  const answering = rows.filter((row) => row.waitsFor === 'reply' && !isSaturated(row));
  const [best] = orderOf(answering, 'response').flat();
  if (loose.length === 0 || !best) return undefined;
  return {
    code: 'price-of-tolerance',
    subject: [...loose, best].map(patternOf),
    figures: [
      ...loose.flatMap((row) =>
        relationOf(row, best, 'completion', rows) === 'unclear' ? [] : ratioFigure(row, best, 'completion'),
      ),
      ...[...loose, best].flatMap((row) => cpuFigure(result, row)),
      ...loose.filter((row) => hasBroker(result, row)).map(brokerFigure),
    ],
    caveats: [],
  };
}

function cpuFigure(result: Result, row: ResultRow): FoundFigure[] {
  const us = wholeCpuUs(result, row);
  return us === undefined ? [] : [{ name: 'cpu-per-request', of: row.pattern.id, value: us, unit: 'cpu-us' }];
}

function brokerFigure({ pattern }: ResultRow): FoundFigure {
  return { name: 'brokers-to-run', of: pattern.id, value: 1, unit: 'count' };
}

/** Complexity is a list written by hand: our rating, which no measurement confirms. */
const MEASURED_ASPECTS: readonly Aspect[] = ['latency', 'coupling'];

/** What the guides say of each pattern, beside what was measured. */
function ratings(all: readonly JudgedRow[]): Finding[] {
  return all.flatMap(({ row, words }) =>
    MEASURED_ASPECTS.flatMap((aspect) => ratingOf(row, aspect, words[aspect])),
  );
}

const VERDICTS = {
  supported: 'confirmed',
  contradicted: 'contradicted',
  inconclusive: 'inconclusive',
} as const;

function ratingOf(row: ResultRow, aspect: Aspect, { verdict, said, found }: WordJudgement): Finding[] {
  // The pattern with which the others are compared.
  if (verdict === null) return [];
  const measured = found.map((alternatives) => alternatives.join(' or ')).join(', ');
  return [
    {
      code: 'rating',
      subject: [patternOf(row), { kind: 'rating', id: aspect }],
      figures: [],
      verdict: VERDICTS[verdict],
      terms: { claimed: said, ...(measured === '' ? {} : { measured }) },
      caveats: [],
    },
  ];
}
