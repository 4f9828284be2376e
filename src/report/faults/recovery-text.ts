import type { Recovery, Since } from '../../measure/hops/health.ts';
import { formatMs } from '../format.ts';

/** `0.4 s`, `> 6.2 s`: how long the recovery took, or that it took longer than was watched; `too few calls` to say. */
export function recoveryText(recovery: Recovery): string {
  switch (recovery.state) {
    case 'unjudged':
      return 'too few calls';
    case 'never-harmed':
      return 'unharmed';
    case 'recovered':
      return afterText(recovery);
    case 'not-recovered':
      return `> ${secondsText(recovery.watchedNs)}`;
  }
}

const TENTH_NS = 1e8;

/** `< 0.5 s`, `2.2 s`: no more precise than a window. */
export function afterText({ afterNs, windowNs }: Since): string {
  if (afterNs < windowNs) return `< ${tenthsText(Math.ceil(windowNs / TENTH_NS))}`;
  return tenthsText(Math.round(afterNs / TENTH_NS));
}

function tenthsText(tenths: number): string {
  return `${(tenths / 10).toFixed(1)} s`;
}

/** Three digits at most. */
export function secondsText(ns: number): string {
  const ms = ns / 1e6;
  return formatMs(ms < 1000 ? Math.round(ms) : Math.round(ms / 10) * 10);
}
