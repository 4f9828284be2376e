import { weakestPerS } from '../../../measure/figures/capacity.ts';
import { ratioInterval } from '../../../measure/stats/ratio.ts';
import { ORDER_CONFIDENCE, ORDER_ROUNDS } from '../../patterns/order.ts';
import type { Trial } from '../../../record/record.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';
import { lacking, type TestedClaim } from '../claim.ts';
import { bySigns, type ComparedPair, ofPatterns, soonerPair } from '../pattern-claims.ts';
import type { Sign } from '../reason.ts';

const ANSWERING = ['rest', 'grpc', 'graphql'] as const;
const OPERATIONS = ['create', 'get', 'list'];
/** Without work and with some: what holds in both holds for more than one regime. */
const REGIMES = ['w0', 'w21'];
/** By the order that every report claims: 99 % intervals of the ratio of medians in the same rounds. */
const ORDER = 'by the 99 % interval of the ratio of their medians in the same rounds';

/** Claims on response time, completion time and throughput. */
export const definition: readonly TestedClaim[] = [
  {
    id: '4a',
    guides: ['A', 'D'],
    statement: 'Asynchronous messaging improves performance: the completion time is shorter',
    rule: `patterns queue and events against rest, without work in the service and with 21 ms of it: supported if the completion time of both is shorter in each, contradicted if that of both is longer in each, ${ORDER}`,
    scenario: 'pattern-comparison',
    assess: ofVariants(REGIMES, ['queue', 'events'], 'rest', ['completion', 'work-sooner']),
  },
  {
    id: '4b',
    guides: ['A', 'D'],
    statement: 'Asynchronous messaging improves performance: the response time is shorter',
    rule: `patterns queue and events against rest, without work in the service and with 21 ms of it: supported if the response time of both is shorter in each (until the broker's confirm), contradicted if that of both is longer in each, ${ORDER}`,
    scenario: 'pattern-comparison',
    assess: ofVariants(REGIMES, ['queue', 'events'], 'rest', ['response', 'wait-less']),
  },
  {
    id: '11',
    guides: ['D'],
    statement: 'Queues suit high throughput',
    rule: 'pattern queue: supported if it completes more per second in the closed loop of the warm-up, with as many calls open, than each of rest, grpc and graphql, contradicted if less than each, by the 99 % interval of the ratio in the same rounds',
    scenario: 'pattern-comparison',
    assess: ofPatterns(['queue', ...ANSWERING], (patterns) =>
      bySigns(
        ANSWERING.map((id) => closedLoopPair(patterns.queue, patterns[id])),
        'closed-loop-highest',
      ),
    ),
  },
  {
    id: '13a',
    guides: ['C'],
    statement: 'A caller that needs the response gets it sooner synchronously',
    rule: `patterns rest, grpc and graphql against queue and stream, all request-reply: supported if each of the three responds sooner than both, contradicted if later, ${ORDER}`,
    scenario: 'request-reply',
    assess: ofPatterns([...ANSWERING, 'queue', 'stream'], (patterns) =>
      bySigns(
        ANSWERING.flatMap((id) =>
          [patterns.queue, patterns.stream].map((over) => soonerPair(patterns[id], over, 'response')),
        ),
        'answers-sooner',
      ),
    ),
  },
  {
    id: '14',
    guides: ['C'],
    statement: 'Start with REST, go to gRPC for performance',
    rule: `pattern grpc against rest, variants create, get and list: supported if it responds sooner in all, contradicted if later in all, ${ORDER}`,
    scenario: 'rest-vs-grpc',
    assess: ofVariants(OPERATIONS, ['grpc'], 'rest', ['response', 'grpc-sooner']),
  },
];

/** Each of the patterns against one other, under each variant: all must agree. */
function ofVariants(
  variants: readonly string[],
  patterns: readonly string[],
  other: string,
  [kind, sign]: readonly ['response' | 'completion', Sign],
): TestedClaim['assess'] {
  return ({ result, perVariant }) => {
    const pairs: ComparedPair[] = [];
    for (const variant of variants) {
      const title = result.scenario.variants.find(({ id }) => id === variant)?.title;
      const of = (id: string) =>
        perVariant.find((one) => one.record.id === id && one.variant === (title ?? variant));
      const beside = of(other);
      for (const id of patterns) {
        const pattern = of(id);
        if (!pattern || !beside) return lacking({ code: 'variant-not-run', variant });
        if (pattern.record.state === 'not-run') return lacking({ code: 'pattern-not-run', pattern: id });
        pairs.push(soonerPair(pattern, beside, kind));
      }
    }
    return bySigns(pairs, sign);
  };
}

/**
 * Whether the first pattern's closed loop is faster: by the lesser of acknowledged and done, as in every report.
 */
function closedLoopPair(a: PatternResult, b: PatternResult): ComparedPair {
  const pairs = a.trials.latency.flatMap((trial) => {
    const beside = b.trials.latency.find(
      ({ round, variant }) => round === trial.round && variant === trial.variant,
    );
    const [mine, its] = [loopPerS(trial), beside && loopPerS(beside)];
    return mine && its ? [{ mine, its }] : [];
  });
  const interval = ratioInterval(
    pairs.map(({ mine, its }) => mine / its),
    ORDER_CONFIDENCE,
  );
  const about = { of: a.name, to: b.name, rounds: pairs.length, needed: ORDER_ROUNDS };
  if (!interval || pairs.length < ORDER_ROUNDS)
    return { relation: 'unclear', evidence: { code: 'closed-loop', ...about, least: null } };
  const [perS, ofPerS] = [
    Math.min(...pairs.map(({ mine }) => mine)),
    Math.min(...pairs.map(({ its }) => its)),
  ];
  return {
    // Sooner is a smaller time; better is a higher rate.
    relation: interval.low > 1 ? 'before' : interval.high < 1 ? 'after' : 'unclear',
    evidence: { code: 'closed-loop', ...about, least: { perS, ofPerS, interval } },
  };
}

function loopPerS({ capacity, validity }: Trial): number | undefined {
  return validity.verdict === 'valid' ? (weakestPerS(capacity) ?? undefined) : undefined;
}
