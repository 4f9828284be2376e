import { quantileCell } from '../../../measure/figures/percentile.ts';
import { type FaultLine, nameWithCase } from '../../faults/fault-line.ts';
import { harmSeen } from '../../faults/seen.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { contradicted, inconclusive, type Judgement, supported, type TestedClaim } from '../claim.ts';
import { ofLines } from '../fault-lines.ts';

const VARIANTS = ['one', 'two', 'four', 'eight'] as const;
/** Ideal is a little more than twice as soon: while a burst comes in, some of it is done already. */
export const WORTH_DOUBLING = 1.5;

/** More consumers, more at once. */
export const CONSUMER_CLAIMS: readonly TestedClaim[] = [
  { id: '4c', guides: ['A', 'D'], scenario: 'consumers', judge: judgeScaling('queue') },
  { id: '12', guides: ['D'], scenario: 'consumers', judge: judgeScaling('events') },
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
  const known = medians.filter((us) => us !== null);
  const evidence = lines.map((line, i) => {
    return { code: 'burst-median', line: nameWithCase(line), us: medians[i]! } as const;
  });
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || known.length < lines.length)
    return inconclusive({ code: 'burst-too-small' }, evidence);
  const times = known.slice(1).map((us, i) => known[i]! / us);
  const why = { code: 'speed-ups', times, isPartly: false } as const;
  if (times.every((one) => one >= WORTH_DOUBLING)) return supported(why, evidence);
  return first / last < WORTH_DOUBLING
    ? contradicted(why, evidence)
    : inconclusive({ ...why, isPartly: true }, evidence);
}

/** From the instant at which it was due until it was done. */
function medianUs(line: FaultLine, scenario: Scenario): number | null {
  const { completion } = harmSeen(line, scenario).here;
  if (!completion) return null;
  const cell = quantileCell(completion, 0.5);
  return cell.state === 'known' ? cell.valueUs : null;
}
