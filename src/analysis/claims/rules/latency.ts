import { ratioInterval } from '../../../measure/stats/ratio.ts';
import { ORDER_CONFIDENCE, ORDER_ROUNDS } from '../../patterns/order.ts';
import type { Trial } from '../../../record/record.ts';
import type { ResultRow } from '../../patterns/row.ts';
import { lacking, type TestedClaim } from '../claim.ts';
import { bySigns, type ComparedPair, ofRows, soonerPair } from '../rows.ts';

const ANSWERING = ['rest', 'grpc', 'graphql'] as const;
const OPERATIONS = ['create', 'get', 'list'];

/** Which pattern is sooner, for whom, and how much it can take. */
export const LATENCY_CLAIMS: readonly TestedClaim[] = [
  {
    id: '4a',
    guides: ['A', 'D'],
    scenario: 'pattern-comparison',
    judge: ofRows(['rest', 'queue', 'events'], ({ rest, queue, events }) =>
      bySigns(
        [queue, events].map((row) => soonerPair(row, rest, 'completion')),
        'work-sooner',
      ),
    ),
  },
  {
    id: '4b',
    guides: ['A', 'D'],
    scenario: 'pattern-comparison',
    judge: ofRows(['rest', 'queue', 'events'], ({ rest, queue, events }) =>
      bySigns(
        [queue, events].map((row) => soonerPair(row, rest, 'response')),
        'wait-less',
      ),
    ),
  },
  {
    id: '11',
    guides: ['D'],
    scenario: 'pattern-comparison',
    judge: ofRows(['queue', ...ANSWERING], (rows) =>
      bySigns(
        ANSWERING.map((id) => capacityPair(rows.queue, rows[id])),
        'capacity-highest',
      ),
    ),
  },
  {
    id: '13a',
    guides: ['C'],
    scenario: 'request-reply',
    judge: ofRows([...ANSWERING, 'queue', 'stream'], (rows) =>
      bySigns(
        ANSWERING.flatMap((id) =>
          [rows.queue, rows.stream].map((over) => soonerPair(rows[id], over, 'response')),
        ),
        'answers-sooner',
      ),
    ),
  },
  {
    id: '14',
    guides: ['C'],
    scenario: 'rest-vs-grpc',
    judge: ({ result, perVariant }) => {
      const pairs: ComparedPair[] = [];
      for (const id of OPERATIONS) {
        const title = result.scenario.variants.find((variant) => variant.id === id)?.title;
        const of = (row: string) =>
          perVariant.find(({ pattern, variant }) => pattern.id === row && variant === (title ?? id));
        const [grpc, rest] = [of('grpc'), of('rest')];
        if (!grpc || !rest) return lacking({ code: 'variant-not-run', variant: id });
        pairs.push(soonerPair(grpc, rest, 'response'));
      }
      return bySigns(pairs, 'grpc-sooner');
    },
  },
];

/** Is the first one's ceiling higher? As in every report, of what is acknowledged and what is done the lesser. */
function capacityPair(a: ResultRow, b: ResultRow): ComparedPair {
  const pairs = a.latency.flatMap((trial) => {
    const beside = b.latency.find(({ round, variant }) => round === trial.round && variant === trial.variant);
    const [mine, its] = [ceilingOf(trial), beside && ceilingOf(beside)];
    return mine && its ? [{ mine, its }] : [];
  });
  const interval = ratioInterval(
    pairs.map(({ mine, its }) => mine / its),
    ORDER_CONFIDENCE,
  );
  const about = { of: a.name, to: b.name, rounds: pairs.length, needed: ORDER_ROUNDS };
  if (!interval || pairs.length < ORDER_ROUNDS)
    return { relation: 'unclear', evidence: { code: 'capacity', ...about, least: null } };
  const [perS, ofPerS] = [
    Math.min(...pairs.map(({ mine }) => mine)),
    Math.min(...pairs.map(({ its }) => its)),
  ];
  return {
    // Sooner is a smaller time, better a greater rate.
    relation: interval.low > 1 ? 'before' : interval.high < 1 ? 'after' : 'unclear',
    evidence: { code: 'capacity', ...about, least: { perS, ofPerS, interval } },
  };
}

function ceilingOf({ ceiling, measurement }: Trial): number | undefined {
  const known = [ceiling.acknowledgedPerS, ceiling.donePerS].filter((perS) => perS !== null && perS > 0);
  return measurement.verdict === 'valid' && known.length > 0 ? Math.min(...known.map(Number)) : undefined;
}
