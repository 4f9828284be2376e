import type { StoredTrial, StoredWire } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell } from '../rule.ts';
import { cell } from './cells.ts';
import { addUp, doneTrials, hasBroker, outcomes, type PatternLine, plannedIn } from './patterns.ts';

type Part = 'callerUs' | 'serviceUs' | 'brokerUs';

/** CPU of all rounds by all their calls; undefined: unknown. */
export function cpuPerCall(trials: readonly StoredTrial[], part: Part): number | undefined {
  const known = trials.filter(({ cost }) => cost[part] !== null);
  const calls = addUp(known, ({ planned }) => planned);
  return calls === 0 ? undefined : addUp(known, ({ cost, planned }) => cost[part]! * planned) / calls;
}

/** With the range of the rounds below, where that is one. */
export function cpuCell(line: PatternLine, part: Part): OwnCell {
  const trials = doneTrials(line, 'latency');
  if (trials.length === 0) return NOTHING;
  const us = cpuPerCall(trials, part);
  if (us === undefined) return cell('unknown');
  const all = trials.flatMap(({ cost }) => cost[part] ?? []);
  const [low, high] = [write.count(Math.min(...all)), write.count(Math.max(...all))];
  return cell(write.cpuUs(us), low === high ? null : `${low}–${high}`);
}

/** Caller, service and any broker together. */
export function wholeCpuCell(line: PatternLine): OwnCell {
  const trials = doneTrials(line, 'latency');
  if (trials.length === 0) return NOTHING;
  const parts: Part[] = ['callerUs', 'serviceUs', ...(hasBroker(line) ? ['brokerUs' as const] : [])];
  const known = parts.flatMap((part) => cpuPerCall(trials, part) ?? []);
  return cell(known.length < parts.length ? 'unknown' : write.cpuUs(addUp(known, (us) => us)));
}

/** Bytes of one call, of counting trials in which every call was answered ok; undefined: unknown. */
export function wireBytes(line: Pick<PatternLine, 'trials'>, side: 'caller' | 'service') {
  const wires = doneTrials(line, 'wire-bytes')
    .filter(({ validity }) => validity.verdict !== 'incomplete')
    .filter(({ phases }) => outcomes(phases, 'ok') === plannedIn(phases))
    .flatMap(({ wire }) => wire ?? []);
  const [sent, received] = [meanBytes(wires, `${side}Sent`), meanBytes(wires, `${side}Received`)];
  return sent === undefined || received === undefined ? undefined : { sent, received };
}

function meanBytes(wires: readonly StoredWire[], of: Exclude<keyof StoredWire, 'calls'>): number | undefined {
  const known = wires.filter((wire) => wire[of] !== null);
  const calls = addUp(known, (wire) => wire.calls);
  return calls === 0 ? undefined : addUp(known, (wire) => wire[of]! * wire.calls) / calls;
}

export function bytesCell(
  line: PatternLine,
  bytes: number | undefined,
  below: string | null = null,
): OwnCell {
  if (doneTrials(line, 'wire-bytes').length === 0) return NOTHING;
  return bytes === undefined ? cell('unknown') : cell(write.bytes(bytes), below);
}

/** Both ways, of the caller and of the services with their broker. */
export function wholeBytesCell(line: PatternLine): OwnCell {
  const caller = wireBytes(line, 'caller');
  const service = hasBroker(line) ? wireBytes(line, 'service') : { sent: 0, received: 0 };
  const all = caller && service && [caller.sent, caller.received, service.sent, service.received];
  return bytesCell(line, all && addUp(all, (bytes) => bytes));
}
