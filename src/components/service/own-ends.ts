import { nowNs } from '../../kernel/clock.ts';
import { readHopLog } from '../../measure/logs/hop-log.ts';
import { ENDS_ITSELF } from '../../plan/revival.ts';
import type { Revive } from './start-service.ts';

/** A service ended itself by a planned fault; observed from outside. */
export interface OwnEnd {
  readonly fault: string;
  readonly atNs: number;
  /** Instant at which it was ready again; null: not yet. */
  readyNs: number | null;
}

/**
 * A service's end is planned where it was a kill and the last line of its own log is the strike of that fault. Each
 * fault ends it once; the service restarts without it.
 * @param ends collects each such end
 */
export function reviveAfterOwnEnd(ends: OwnEnd[]): Revive {
  return (hop, { signal, atNs }) => {
    if (signal !== 'SIGKILL') return undefined;
    const struck = new Set(
      readHopLog(hop.hopLogPath).events.flatMap((event) => (event.type === 'injected' ? [event.fault] : [])),
    );
    const by = hop.faults.find((fault) => fault.do === ENDS_ITSELF && struck.has(fault.id));
    if (!by) return undefined;
    const own: OwnEnd = { fault: by.id, atNs, readyNs: null };
    ends.push(own);
    return {
      hop: { ...hop, faults: hop.faults.filter((fault) => fault !== by) },
      ready: () => void (own.readyNs = nowNs()),
    };
  };
}
