import { ratioInterval } from '../../../measure/stats/ratio.ts';
import { formatInterval, formatRate } from '../../../report/format.ts';
import { ORDER_CONFIDENCE, ORDER_ROUNDS } from '../../patterns/order.ts';
import type { Trial } from '../../../record/record.ts';
import { variantResults, type PatternResult } from '../../patterns/pattern-result.ts';
import { lacking, type TestedClaim } from '../claim.ts';
import { bySigns, ofPatterns, type Sign, soonerSign } from '../pattern-claims.ts';

/** By the order that every report claims: 99 % intervals of the ratio of medians in the same rounds. */
const ORDER = 'by the 99 % interval of the ratio of their medians in the same rounds';
const ANSWERING = ['rest', 'grpc', 'graphql'] as const;
const OPERATIONS = ['create', 'get', 'list'];

/** Which pattern is sooner, for whom, and how much it can take. */
export const LATENCY_CLAIMS: readonly TestedClaim[] = [
  {
    id: '4a',
    statement: 'Asynchronous messaging improves performance: the work is done sooner',
    guides: ['A', 'D'],
    scenario: 'pattern-comparison',
    rule: `rows queue and events against rest: supported if the work of both is done sooner, contradicted if that of both is done later, ${ORDER}`,
    assess: ofPatterns(['rest', 'queue', 'events'], ({ rest, queue, events }) =>
      bySigns(
        [queue, events].map((pattern) => soonerSign(pattern, rest, 'completion')),
        { yes: 'the work is done sooner', no: 'the work is done later' },
      ),
    ),
  },
  {
    id: '4b',
    statement: 'Asynchronous messaging improves performance: the response time is shorter',
    guides: ['A', 'D'],
    scenario: 'pattern-comparison',
    rule: `rows queue and events against rest: supported if the caller of both waits less (until the broker confirms), contradicted if that of both waits longer, ${ORDER}`,
    assess: ofPatterns(['rest', 'queue', 'events'], ({ rest, queue, events }) =>
      bySigns(
        [queue, events].map((pattern) => soonerSign(pattern, rest, 'response')),
        { yes: 'the response time is shorter', no: 'the response time is longer' },
      ),
    ),
  },
  {
    id: '11',
    statement: 'Queues suit high throughput',
    guides: ['D'],
    scenario: 'pattern-comparison',
    rule: 'row queue: supported if it gets more done per second in the closed loop of the warm-up than each of rest, grpc and graphql, contradicted if less than each, by the 99 % interval of the ratio in the same rounds',
    assess: ofPatterns(['queue', ...ANSWERING], (rows) =>
      bySigns(
        ANSWERING.map((id) => capacitySign(rows.queue, rows[id])),
        { yes: 'its capacity is the highest', no: 'its capacity is the lowest' },
      ),
    ),
  },
  {
    id: '13a',
    statement: 'Who needs the answer is answered sooner synchronously',
    guides: ['C'],
    scenario: 'request-reply',
    rule: `rows rest, grpc and graphql against queue and stream, where all answer: supported if each of the three is sooner than both, contradicted if later, ${ORDER}`,
    assess: ofPatterns([...ANSWERING, 'queue', 'stream'], (rows) =>
      bySigns(
        ANSWERING.flatMap((id) =>
          [rows.queue, rows.stream].map((over) => soonerSign(rows[id], over, 'response')),
        ),
        { yes: 'they answer sooner than over a broker', no: 'over a broker answers come sooner' },
      ),
    ),
  },
  {
    id: '14',
    statement: 'Start with REST, go to gRPC for performance',
    guides: ['C'],
    scenario: 'rest-vs-grpc',
    rule: `row grpc against rest, variants create, get and list: supported if it answers sooner in all, contradicted if later in all, ${ORDER}`,
    assess: (result) => {
      const lines = variantResults(result);
      const signs: Sign[] = [];
      for (const id of OPERATIONS) {
        const title = result.scenario.variants.find((variant) => variant.id === id)?.title;
        const of = (row: string) =>
          lines.find(({ record, variant }) => record.id === row && variant === (title ?? id));
        const [grpc, rest] = [of('grpc'), of('rest')];
        if (!grpc || !rest) return lacking(`variant ${id} was not run with both`);
        signs.push(soonerSign(grpc, rest, 'response'));
      }
      return bySigns(signs, { yes: 'gRPC answers sooner', no: 'gRPC answers later' });
    },
  },
];

/** Is the first one's capacity higher? As in every report, of what is acknowledged and what is done the lesser. */
function capacitySign(a: PatternResult, b: PatternResult): Sign {
  const pairs = a.latency.flatMap((trial) => {
    const beside = b.latency.find(({ round, variant }) => round === trial.round && variant === trial.variant);
    const [mine, its] = [capacityOf(trial), beside && capacityOf(beside)];
    return mine && its ? [{ mine, its }] : [];
  });
  const interval = ratioInterval(
    pairs.map(({ mine, its }) => mine / its),
    ORDER_CONFIDENCE,
  );
  const name = `${a.name} against ${b.name}`;
  if (!interval || pairs.length < ORDER_ROUNDS)
    return { relation: 'unclear', figure: `${name}: ${pairs.length} of ${ORDER_ROUNDS} valid rounds` };
  const least = (pick: (pair: (typeof pairs)[number]) => number) => formatRate(Math.min(...pairs.map(pick)));
  const figure = `${name}: at least ${least(({ mine }) => mine)} against at least ${least(({ its }) => its)}, ${formatInterval(interval)} at 99 % over ${pairs.length} rounds`;
  // Sooner is a smaller time, better a greater rate.
  return { relation: interval.low > 1 ? 'before' : interval.high < 1 ? 'after' : 'unclear', figure };
}

function capacityOf({ capacity, validity }: Trial): number | undefined {
  const known = [capacity.acknowledgedPerS, capacity.donePerS].filter((perS) => perS !== null && perS > 0);
  return validity.verdict === 'valid' && known.length > 0 ? Math.min(...known.map(Number)) : undefined;
}
