import type { Result } from '../../record/record.ts';
import type { Analysis } from '../analysis.ts';
import type { Aspect, WordRating } from '../claims/words/word.ts';
import type { RatedPattern } from '../claims/words/words.ts';
import type { Caveat, Finding, FoundFigure } from '../finding.ts';
import { wholeCpuUs } from '../patterns/cpu.ts';
import { shortfallOf, soonestAnswers } from '../patterns/answering.ts';
import { foundCoupling } from '../patterns/found-coupling.ts';
import { outageSeen } from '../patterns/outage-seen.ts';
import { comparableRounds, ORDER_ROUNDS, ratioBetween, relationOf } from '../patterns/order.ts';
import { hasBroker, type PatternResult, sameGuarantee } from '../patterns/pattern-result.ts';
import { patternOf, quantileFigure, rankFigures } from './figures.ts';
import { whyUnjudged } from './unjudged.ts';

/** The pattern to take and its price, then the score of the guides' claims. */
export function choiceFindings({ result, base: patterns, words }: Analysis): Finding[] {
  const answer = fastestResponse(patterns);
  const away = tolerance(patterns);
  const price = away && answer?.verdict !== 'no-recommendation' ? priceOf(result, patterns, away) : undefined;
  return [answer, away, price, ...ratings(words)].filter((finding) => finding !== undefined);
}

/**
 * The answering pattern with the fastest response. No recommendation is made unless every candidate was rated: the best
 * of the remaining ones is none.
 */
function fastestResponse(patterns: readonly PatternResult[]): Finding | undefined {
  const candidates = patterns.filter((pattern) => pattern.waitsFor === 'reply');
  if (candidates.length < 2) return undefined;
  const short = candidates.filter(shortfallOf);
  const groups = soonestAnswers(patterns);
  const ranked = groups.flat();
  const undetermined = candidates.filter((pattern) => !ranked.includes(pattern) && !short.includes(pattern));
  const best = groups[0]?.[0];
  return {
    code: 'fastest-response',
    subject: candidates.map(patternOf),
    figures: [
      ...rankFigures(groups),
      ...ranked.map((pattern) => quantileFigure(pattern, 'response', 0.5)),
      ...ranked.flatMap((pattern) =>
        best && pattern !== best ? ratioFigure(pattern, best, 'response') : [],
      ),
    ],
    verdict: !best || undetermined.length > 0 ? 'no-recommendation' : choiceVerdict(groups, ranked),
    caveats: [
      ...undetermined.map((pattern) => ({ code: whyUnjudged(pattern, 'response'), of: pattern.record.id })),
      ...short.map((pattern): Caveat => ({ code: shortfallOf(pattern)!, of: pattern.record.id })),
      ...(sameGuarantee(ranked) ? [] : [{ code: 'unequal-guarantees' }]),
    ],
  };
}

function choiceVerdict(
  groups: readonly (readonly PatternResult[])[],
  ranked: readonly PatternResult[],
): string {
  if (groups[0]!.length === 1) return 'fastest';
  return comparableRounds(ranked, 'response') < ORDER_ROUNDS ? 'too-few-rounds' : 'not-significant';
}

function ratioFigure(
  pattern: PatternResult,
  of: PatternResult,
  kind: 'response' | 'completion',
): FoundFigure[] {
  const interval = ratioBetween(pattern, of, kind);
  if (!interval) return [];
  const { ratio, low, high, level } = { level: 0.99, ...interval };
  const figure = { name: `${kind}-ratio`, of: pattern.record.id, value: ratio, unit: 'ratio' } as const;
  return [{ ...figure, interval: { low, high, level } }];
}

/** Patterns that continue while the service is down, and the fate of their work. */
export function tolerance(patterns: readonly PatternResult[]): Finding | undefined {
  if (patterns.every((pattern) => pattern.trials.serviceOutage.length === 0)) return undefined;
  const found = patterns.map((pattern) => ({ pattern, coupling: foundCoupling(pattern, 'serviceOutage') }));
  const loose = found.flatMap(({ pattern, coupling }) =>
    coupling.state === 'known' && coupling.coupling.verdict === 'loose' ? [pattern] : [],
  );
  const undetermined = found.flatMap(({ pattern, coupling }) =>
    coupling.state === 'unknown' ? [pattern] : [],
  );
  return {
    code: 'tolerates-downtime',
    subject: loose.map(patternOf),
    figures: loose.flatMap(acceptedFigures),
    verdict: loose.length > 0 ? 'tolerates' : 'none',
    caveats: undetermined.map((pattern) => ({ code: whyNoCoupling(pattern), of: pattern.record.id })),
  };
}

function acceptedFigures(pattern: PatternResult): FoundFigure[] {
  const found = foundCoupling(pattern, 'serviceOutage');
  if (found.state === 'unknown') return [];
  const { intended, served, finallyDone } = found.coupling;
  const share = (name: string, n: number): FoundFigure => {
    return { name, of: pattern.record.id, value: n / intended, unit: 'share' };
  };
  const late = outageSeen(pattern, 'serviceOutage').completion?.known;
  const lateness = late && `completion-p${late.quantile * 100}-of-outage`;
  return [
    share('accepted', served),
    share('done', finallyDone),
    ...(lateness
      ? [{ name: lateness, of: pattern.record.id, value: late.valueUs, unit: 'us' as const }]
      : []),
  ];
}

function whyNoCoupling(pattern: PatternResult): string {
  if (pattern.record.state === 'not-run') return 'not-run';
  if (pattern.record.target !== null) return 'target';
  return pattern.trials.serviceOutage.length === 0 ? 'failed' : 'not-valid';
}

/** Price of continuing without the service, against the pattern with the fastest response. */
function priceOf(
  result: Result,
  patterns: readonly PatternResult[],
  { subject }: Finding,
): Finding | undefined {
  const loose = patterns.filter(({ record }) => subject.some(({ id }) => id === record.id));
  const [best] = soonestAnswers(patterns).flat();
  if (loose.length === 0 || !best) return undefined;
  return {
    code: 'price-of-tolerance',
    subject: [...loose, best].map(patternOf),
    figures: [
      ...loose.flatMap((pattern) =>
        relationOf(pattern, best, 'completion', patterns) === 'unclear'
          ? []
          : ratioFigure(pattern, best, 'completion'),
      ),
      ...[...loose, best].flatMap((pattern) => cpuFigure(result, pattern)),
      ...loose.filter((pattern) => hasBroker(result, pattern)).map(brokerFigure),
    ],
    caveats: [],
  };
}

function cpuFigure(result: Result, pattern: PatternResult): FoundFigure[] {
  const us = wholeCpuUs(result, pattern);
  return us === undefined
    ? []
    : [{ name: 'cpu-per-request', of: pattern.record.id, value: us, unit: 'cpu-us' }];
}

function brokerFigure({ record }: PatternResult): FoundFigure {
  return { name: 'brokers-to-run', of: record.id, value: 1, unit: 'count' };
}

/** Complexity is excluded: it is a list written by hand, which no measurement confirms. */
const MEASURED_ASPECTS: readonly Aspect[] = ['latency', 'coupling'];

/** The guides' claims for each pattern beside the measured terms. */
function ratings(all: readonly RatedPattern[]): Finding[] {
  return all.flatMap(({ pattern, words, elsewhere }) => [
    ...MEASURED_ASPECTS.flatMap((aspect) => ratingOf(pattern, aspect, words[aspect])),
    ...elsewhere.flatMap(({ variant, latency, isOtherwise }) =>
      isOtherwise ? ratingOf(pattern, 'latency', latency, variant.id) : [],
    ),
  ]);
}

/** @param variant under which it is rated otherwise */
function ratingOf(
  pattern: PatternResult,
  aspect: Aspect,
  { verdict, claimed, measured, basis }: WordRating,
  variant?: string,
): Finding[] {
  // The pattern that the others are compared with.
  if (verdict === null) return [];
  const measuredText = measured.map((alternatives) => alternatives.join(' or ')).join(', ');
  return [
    {
      code: variant === undefined ? 'rating' : 'rating-elsewhere',
      subject: [
        patternOf(pattern),
        { kind: 'rating', id: aspect },
        ...(variant === undefined ? [] : [{ kind: 'variant', id: variant } as const]),
      ],
      figures: [],
      verdict,
      terms: { claimed, ...(measuredText === '' ? {} : { measured: measuredText }) },
      caveats: basis === 'construction' ? [{ code: 'by-construction' }] : [],
    },
  ];
}
