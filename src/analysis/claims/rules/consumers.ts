import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { FaultLine } from '../../faults/fault-line.ts';
import { harmSeen } from '../../faults/seen.ts';
import { formatRatio, formatUs } from '../../../report/format.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { cantTell, contradicted, type Judgement, supported, type TestedClaim } from '../claim.ts';
import { nameOf, ofLines } from '../fault-lines.ts';

const VARIANTS = ['one', 'two', 'four', 'eight'] as const;
/** Ideal is a little more than twice as soon: while a burst comes in, some of it is done already. */
const WORTH = 1.5;

/** More consumers, more at once. */
export const CONSUMER_CLAIMS: readonly TestedClaim[] = [
  {
    id: '4c',
    statement: 'Parallel processing of messages is faster',
    guides: ['A', 'D'],
    scenario: 'consumers',
    rule: `row queue, the same burst for 1, 2, 4 and 8 consumers: supported if twice as many have its median message done at least ${WORTH} times as soon, each time, contradicted if eight do not against one`,
    judge: judgeScaling('queue'),
  },
  {
    id: '12',
    statement: 'Events scale easily with many consumers',
    guides: ['D'],
    scenario: 'consumers',
    rule: `row events, the same burst for 1, 2, 4 and 8 consumers: supported if twice as many have its median event done at least ${WORTH} times as soon, each time, contradicted if eight do not against one`,
    judge: judgeScaling('events'),
  },
];

function judgeScaling(row: string): TestedClaim['judge'] {
  const [one, two, four, eight] = VARIANTS;
  const wanted = {
    one: { row, variant: one },
    two: { row, variant: two },
    four: { row, variant: four },
    eight: { row, variant: eight },
  };
  return ofLines(wanted, (lines, { scenario }) =>
    decide([lines.one, lines.two, lines.four, lines.eight], scenario),
  );
}

function decide(lines: readonly FaultLine[], scenario: Scenario): Judgement {
  const medians = lines.map((line) => medianUs(line, scenario));
  const known = medians.filter((us) => us !== undefined);
  const figures = lines.map((line, i) => {
    const us = medians[i];
    return `${nameOf(line)}: the median of the burst is done after ${us === undefined ? 'too few for one' : formatUs(us)}`;
  });
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || known.length < lines.length)
    return cantTell('too little of the burst was done for a median', figures);
  const steps = known.slice(1).map((us, i) => known[i]! / us);
  const text = `each time twice as many: ${steps.map(formatRatio).join(', ')} as soon`;
  if (steps.every((times) => times >= WORTH)) return supported(text, figures);
  return first / last < WORTH ? contradicted(text, figures) : cantTell(`${text}: not each time`, figures);
}

/** From the instant at which it was due until it was done. */
function medianUs(line: FaultLine, scenario: Scenario): number | undefined {
  const { completion } = harmSeen(line, scenario).here;
  if (!completion) return undefined;
  const cell = quantileCell(completion, 0.5);
  return cell.state === 'known' ? cell.valueUs : undefined;
}
