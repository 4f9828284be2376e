import type { StoredTrial, StoredWire } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell } from '../rule.ts';
import { cell } from './cells.ts';
import { driftsOf } from './drift.ts';
import { studentT } from './student.ts';
import { addUp, doneTrials, hasBroker, outcomes, type PatternLine, plannedIn } from './patterns.ts';

type Part = 'callerUs' | 'serviceUs' | 'brokerUs';

/** CPU of all rounds by all their calls; undefined: unknown. */
export function cpuPerCall(trials: readonly StoredTrial[], part: Part): number | undefined {
  const known = trials.filter(({ cost }) => cost[part] !== null);
  const calls = addUp(known, ({ planned }) => planned);
  return calls === 0 ? undefined : addUp(known, ({ cost, planned }) => cost[part]! * planned) / calls;
}

/**
 * The straight line through two points: the mean use of the latency trials, and that of the trial with idle and busy
 * blocks; undefined where it is not told from a level one. The error of each point is the relative scatter of like trials.
 */
function slopeOf(line: PatternLine, part: Part) {
  const at = (kind: string) =>
    doneTrials(line, kind).flatMap(({ cost, planned }) => {
      const ns = part === 'callerUs' ? cost.spans?.callerNs : cost.spans?.othersNs;
      const us = cost[part];
      return us === null || !ns ? [] : [{ perS: planned / (ns / 1e9), cores: (us * planned) / (ns / 1e3) }];
    });
  const groups = [at('latency'), at('idle-busy')].map((points) => {
    const mean = (of: 'perS' | 'cores') => addUp(points, (point) => point[of]) / points.length;
    const cores = mean('cores');
    return {
      n: points.length,
      perS: mean('perS'),
      cores,
      off: addUp(points, (p) => (p.cores / cores - 1) ** 2),
    };
  });
  const [slow, fast] = groups.toSorted((a, b) => a.perS - b.perS) as [(typeof groups)[0], (typeof groups)[0]];
  const degrees = slow.n + fast.n - 2;
  if (slow.n === 0 || fast.n === 0 || degrees < 1 || fast.perS < 1.5 * slow.perS) return undefined;
  const between = fast.perS - slow.perS;
  const perRequest = (fast.cores - slow.cores) / between;
  const scatter = (slow.off + fast.off) / degrees;
  const error = Math.sqrt(scatter * (slow.cores ** 2 / slow.n + fast.cores ** 2 / fast.n)) / between;
  const half = studentT(0.95, degrees) * error;
  if (perRequest <= half) return undefined;
  return { us: perRequest * 1e6, halfUs: half * 1e6, fixedCores: slow.cores - perRequest * slow.perS };
}

/** With the range of the rounds below, where that is one. */
export function cpuCell(line: PatternLine, part: Part): OwnCell {
  const trials = doneTrials(line, 'latency');
  if (trials.length === 0) return NOTHING;
  const us = cpuPerCall(trials, part);
  if (us === undefined) return cell('unknown');
  const drift = driftsOf(line).find(({ figure }) => figure === part);
  if (drift) return cell(`${write.count(drift.first)} → ${write.cpuUs(drift.last)}`);
  const slope = slopeOf(line, part);
  if (slope) {
    const sign = slope.fixedCores < 0 ? '−' : '+';
    const fixed = `${sign} ${Math.abs(slope.fixedCores).toFixed(2)} cores`;
    const [from, to] = [slope.us - slope.halfUs, slope.us + slope.halfUs].map(write.count);
    return cell(write.cpuUs(slope.us), `${from}–${to}, ${fixed}`);
  }
  const all = trials.flatMap(({ cost }) => cost[part] ?? []);
  const [low, high] = [write.count(Math.min(...all)), write.count(Math.max(...all))];
  return cell(write.cpuUs(us), low === high ? null : `${low}–${high}`);
}

/** Caller, service and any broker together. */
export function wholeCpuCell(line: PatternLine): OwnCell {
  const trials = doneTrials(line, 'latency');
  if (trials.length === 0) return NOTHING;
  const parts: Part[] = ['callerUs', 'serviceUs', ...(hasBroker(line) ? ['brokerUs' as const] : [])];
  if (driftsOf(line).some(({ figure }) => figure !== 'completion')) return cell('drifting');
  const slopes = parts.flatMap((part) => slopeOf(line, part)?.us ?? []);
  if (slopes.length === parts.length) return cell(write.cpuUs(addUp(slopes, (us) => us)));
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
