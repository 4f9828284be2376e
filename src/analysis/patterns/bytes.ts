import type { Result, Trial, WireBytesPerCall } from '../../record/record.ts';
import { countOf } from './outcomes.ts';
import { hasBroker, plannedOf, type PatternResult } from './pattern-result.ts';

/** Whether bytes may be counted: lateness does not matter, but a failed call has other bytes. */
function isWhole({ validity, phases }: Trial): boolean {
  return validity.verdict !== 'incomplete' && countOf(phases, 'ok') === plannedOf(phases);
}

/** Bytes of one side per call, over the counting trials: mean weighted by calls; undefined where unknown. */
export function bytesPerCall(
  pattern: PatternResult,
  side: 'caller' | 'service',
): { readonly sent: number; readonly received: number } | undefined {
  const wires = pattern.trials.wireBytes.filter(isWhole).flatMap((trial) => trial.wire ?? []);
  const mean = (pick: (wire: WireBytesPerCall) => number | null) => {
    const known = wires.flatMap((wire) => {
      const bytes = pick(wire);
      return bytes === null ? [] : [{ bytes, calls: wire.calls }];
    });
    const calls = known.reduce((n, one) => n + one.calls, 0);
    return calls === 0 ? undefined : known.reduce((n, one) => n + one.bytes * one.calls, 0) / calls;
  };
  const sent = mean((wire) => (side === 'caller' ? wire.callerSent : wire.serviceSent));
  const received = mean((wire) => (side === 'caller' ? wire.callerReceived : wire.serviceReceived));
  return sent === undefined || received === undefined ? undefined : { sent, received };
}

/** Bytes of caller and services together, so that both hops of a broker count; undefined where unknown. */
export function wholeBytes(result: Result, pattern: PatternResult): number | undefined {
  const caller = bytesPerCall(pattern, 'caller');
  const service = hasBroker(result, pattern) ? bytesPerCall(pattern, 'service') : { sent: 0, received: 0 };
  return caller && service ? caller.sent + caller.received + service.sent + service.received : undefined;
}
