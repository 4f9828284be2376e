import type { Recovery } from '../../measure/health.ts';
import { formatMs } from '../format.ts';

/** `0.42 s`, `> 6.2 s`: how long the recovery took, or that it took longer than was watched; `too few` arrivals to say. */
export function recoveryText(recovery: Recovery): string {
  switch (recovery.state) {
    case 'unjudged':
      return 'too few';
    case 'never-harmed':
      return 'never harmed';
    case 'recovered':
      return afterText(recovery.afterNs);
    case 'not-recovered':
      return `> ${secondsText(recovery.watchedNs)}`;
  }
}

/** Windows are coarse: what is sooner than this was at once. */
const AT_ONCE_NS = 10e6;

export function afterText(ns: number): string {
  return ns < AT_ONCE_NS ? 'at once' : secondsText(ns);
}

/** Windows are coarse: no more than three digits of it are any. */
export function secondsText(ns: number): string {
  const ms = ns / 1e6;
  return formatMs(ms < 1000 ? Math.round(ms) : Math.round(ms / 10) * 10);
}
