import { type Acceptance, acceptanceOf } from '../../kernel/outcome.ts';
import { type Arrivals, outcomeAt } from '../logs/arrivals.ts';
import type { Ledger } from './figures.ts';
import type { SubscriberTally } from './tally.ts';

/** Number of sequences listed of each kind, for looking up. */
const EXAMPLES = 10;

/** The broker's state of a subscriber's messages at the end of the trial. */
export interface InBroker {
  /** Sequences that it dead-lettered; one that was done as well counts as done. */
  readonly deadLettered?: ReadonlySet<number> | undefined;
  /** Messages that it would still deliver: as many of the accepted, not done ones are late, not lost. */
  readonly held?: number | undefined;
}

type Cells = Ledger['accepted'];
const NONE: ReadonlySet<number> = new Set();

/**
 * The caller's knowledge of arrival `i` (DESIGN 3.7). A success without an acknowledgement was sent unconfirmed: it
 * proves nothing about the effect.
 */
function acceptanceAt(arrivals: Arrivals, i: number): Acceptance {
  const outcome = outcomeAt(arrivals, i);
  if (outcome === 'ok' && Number.isNaN(arrivals.acknowledgedNs[i])) return 'unknown';
  return acceptanceOf(outcome, arrivals.noEffect[i] === 1);
}

/**
 * The delivery ledger of one subscriber: every planned arrival that reaches it is in exactly one of its twelve cells.
 * Where several paths lead here, the expected number of executions counts as once, and fewer as none. Valid only after
 * quiescence.
 */
export function ledgerOf(
  arrivals: Arrivals,
  tally: SubscriberTally,
  { deadLettered = NONE, held = 0 }: InBroker = {},
): Ledger {
  const cells: Record<Acceptance, Cells> = {
    accepted: emptyCells(),
    refused: emptyCells(),
    unknown: emptyCells(),
  };
  const examples = { lost: [], phantom: [], duplicates: [], deadLettered: [], outOfOrder: [] } as Record<
    string,
    number[]
  >;
  for (let i = 0; i < arrivals.count; i++) {
    const expected = tally.expected[i]!;
    if (expected === 0) continue;
    const acceptance = acceptanceAt(arrivals, i);
    const times = timesOver(tally.times[i]!, expected);
    const cell = cellOf(times, deadLettered.has(i));
    cells[acceptance][cell]++;
    if (acceptance === 'accepted' && cell === 'done0') keep(examples['lost']!, i);
    if (cell === 'deadLettered') keep(examples['deadLettered']!, i);
    if (acceptance === 'refused' && times > 0) keep(examples['phantom']!, i);
    if (times > 1) keep(examples['duplicates']!, i);
  }
  const { accepted, refused, unknown } = cells;
  const late = Math.min(accepted.done0, held);
  // The late ones are known only where all are late.
  if (late > 0 && late === accepted.done0) [examples['late'], examples['lost']] = [examples['lost']!, []];
  return {
    subscriber: tally.subscriber,
    ...cells,
    lost: accepted.done0 - late,
    late,
    phantom: refused.done1 + refused.doneMore,
    duplicates: accepted.doneMore + refused.doneMore + unknown.doneMore,
    outOfOrder: countOutOfOrder(tally, (i) => keep(examples['outOfOrder']!, i)),
    examples,
  };
}

/** 0: not all of it was done; 1: all; 2: more. */
function timesOver(times: number, expected: number): number {
  return times < expected ? 0 : times === expected ? 1 : 2;
}

function emptyCells(): Cells {
  return { done0: 0, done1: 0, doneMore: 0, deadLettered: 0 };
}

function cellOf(times: number, isDeadLettered: boolean): keyof Cells {
  if (times > 1) return 'doneMore';
  if (times === 1) return 'done1';
  return isDeadLettered ? 'deadLettered' : 'done0';
}

function keep(list: number[], sequence: number): void {
  if (list.length < EXAMPLES) list.push(sequence);
}

/**
 * First effects whose sequence is below that of an earlier first effect of the same key. Repeats are
 * duplicates, and never also out of order.
 */
function countOutOfOrder({ firstNs, keys }: SubscriberTally, found: (sequence: number) => void): number {
  const highest = new Map<number, number>();
  let count = 0;
  for (const sequence of byInstant(firstNs)) {
    const key = keys[sequence]!;
    if (sequence < (highest.get(key) ?? -1)) {
      count++;
      found(sequence);
    } else highest.set(key, sequence);
  }
  return count;
}

/** Sequences that were done, in the order of their first effects; sequence order where instants are equal. */
function byInstant(firstNs: Float64Array): Uint32Array {
  const done = new Uint32Array(firstNs.length);
  let n = 0;
  for (let i = 0; i < firstNs.length; i++) if (!Number.isNaN(firstNs[i])) done[n++] = i;
  return done.subarray(0, n).toSorted((a, b) => firstNs[a]! - firstNs[b]! || a - b);
}
