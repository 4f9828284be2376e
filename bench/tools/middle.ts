import type { BenchRecord, Seen, Turn, Work } from './record.ts';

/** A figure of some turns: the median over rounds, and its range. */
export interface Middle {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Turns of one tool on one work that say something. */
export function turnsOf({ turns }: BenchRecord, work: Work, tool: string): Turn[] {
  return turns.filter((turn) => turn.work === work.id && turn.tool === tool && turn.failure === null);
}

/** Undefined where no turn has the figure. */
export function midpointOf(
  turns: readonly Turn[],
  figure: (turn: Turn) => number | null | undefined,
): Middle | undefined {
  const values = turns
    .map(figure)
    .filter((value): value is number => Number.isFinite(value))
    .toSorted((a, b) => a - b);
  const n = values.length;
  if (n === 0) return undefined;
  return { value: (values[(n - 1) >> 1]! + values[n >> 1]!) / 2, low: values[0]!, high: values[n - 1]! };
}

function quantileOf(list: Seen['errorMs'] | undefined, quantile: number): number | undefined {
  return list?.find((one) => one.quantile === quantile)?.ms;
}

export const figureOf = {
  seen: (turn: Turn) => turn.seen?.count,
  /** A tool that records otherwise than one latency for each request says so in `samples`. */
  recorded: (turn: Turn) => turn.said?.samples ?? turn.said?.count,
  cpuUs: (turn: Turn) => turn.cpuUsPerRequest,
  wallMs: (turn: Turn) => turn.wallMs,
  error: (quantile: number) => (turn: Turn) => quantileOf(turn.seen?.errorMs, quantile),
  lag: (quantile: number) => (turn: Turn) => quantileOf(turn.said?.lagMs, quantile),
  held: (quantile: number) => (turn: Turn) => quantileOf(turn.seen?.delayedMs, quantile),
  says: (quantile: number) => (turn: Turn) => quantileOf(turn.said?.latencyMs, quantile),
} as const;

/** How many arrivals were due. */
export function dueOf({ ratePerS, seconds }: Work): number {
  return Math.round(ratePerS * seconds);
}
