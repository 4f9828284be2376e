import { NS_PER_MS, NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';

/** `4 ms`, `6.44 s`: a time in the reason of a verdict. */
export function timeText(ns: Nanoseconds): string {
  return ns >= NS_PER_S ? `${(ns / NS_PER_S).toFixed(2)} s` : `${Number((ns / NS_PER_MS).toPrecision(3))} ms`;
}

export function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
