import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { FaultLine } from '../../faults/fault-line.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
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
  return ofLines(wanted, (lines) => decide([lines.one, lines.two, lines.four, lines.eight]));
}

function decide(lines: readonly FaultLine[]): Judgement {
  const medians = lines.map((line) => medianUs(line));
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
function medianUs(line: FaultLine): number | null {
  const { completion } = line.harm.here;
  if (!completion) return null;
  const cell = quantileCell(completion, 0.5);
  return cell.state === 'known' ? cell.valueUs : null;
}
