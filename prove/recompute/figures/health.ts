import type { StoredEndpoint, StoredFault, StoredTrial, StoredWindow } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import {
  controlOf,
  dependentEndpoints,
  endOf,
  type FaultLine,
  harmfulFaults,
  hopsOf,
  isDependent,
  isShedding,
  type Span,
  spanOf,
} from './faults.ts';

/** Health by windows of 50 arrivals: healthy with 95 % of them correct within the objective. */
const ARRIVALS = 50;
const HEALTHY = 0.95;
const IN_A_ROW = 5;

function isWell({ healthy, planned }: StoredWindow): boolean {
  return healthy / planned >= HEALTHY;
}

/** Whole windows that a span touches. */
function touching(windows: readonly StoredWindow[], { fromNs, toNs }: Span): StoredWindow[] {
  return windows.filter((one) => one.planned >= ARRIVALS && one.toNs >= fromNs && one.fromNs < toNs);
}

/** Two unhealthy windows more than besides, or one more where one is not even half healthy. */
function isHarm(windows: readonly StoredWindow[], besides: number): boolean {
  const ill = windows.filter((window) => !isWell(window));
  const more = ill.length - besides;
  return more >= 2 || (more === 1 && ill.some(({ healthy, planned }) => 2 * healthy < planned));
}

function isHarmed(windows: readonly StoredWindow[], usual: readonly StoredWindow[], span: Span): boolean {
  const besides = touching(usual, span).filter((window) => !isWell(window)).length;
  return isHarm(touching(windows, span), besides);
}

/** How long after the fault; the window's length is what that is known to. */
export interface After {
  readonly ns: number;
  readonly windowNs: number;
}

/** `< 0.5 s`, `2.2 s`. */
export function afterText({ ns, windowNs }: After): string {
  if (ns < windowNs) return `< ${(Math.ceil(windowNs / 1e8) / 10).toFixed(1)} s`;
  return `${(Math.round(ns / 1e8) / 10).toFixed(1)} s`;
}

type Recovery =
  | { readonly state: 'unknown' | 'unharmed' }
  | { readonly state: 'recovered'; readonly after: After }
  | { readonly state: 'not recovered'; readonly watchedNs: number; readonly isShort: boolean };

/** The first of five healthy windows in a row that begin after the fault. */
function recoveryOf(windows: readonly StoredWindow[], span: Span, endNs: number): Recovery {
  const seen = touching(windows, { fromNs: span.fromNs, toNs: endNs });
  if (seen.length === 0) return { state: 'unknown' };
  if (!isHarm(seen, 0)) return { state: 'unharmed' };
  const after = seen.filter(({ fromNs }) => fromNs >= span.toNs);
  const at = after.findIndex(
    (_, i) => i + IN_A_ROW <= after.length && after.slice(i, i + IN_A_ROW).every(isWell),
  );
  const first = after[at];
  if (first)
    return {
      state: 'recovered',
      after: { ns: first.fromNs - span.toNs, windowNs: first.toNs - first.fromNs },
    };
  const later = windows.filter(({ planned, fromNs }) => planned >= ARRIVALS && fromNs >= span.toNs);
  return {
    state: 'not recovered',
    watchedNs: Math.max(0, endNs - span.toNs),
    isShort: later.length < IN_A_ROW,
  };
}

interface Ending {
  readonly recovery: Recovery;
  /** Not recovered, and too few windows came after the fault to see a recovery. */
  readonly isCut: boolean;
  readonly shed: StoredFault | undefined;
}

/** The worst of all endpoints that depend on the fault, or were harmed although they do not; of the worst round. */
function endingOf(line: FaultLine): Ending | undefined {
  const endings = line.trials.flatMap((trial) => endingIn(line, trial) ?? []);
  return endings.toSorted((a, b) => severity(b.recovery) - severity(a.recovery))[0];
}

function endingIn(line: FaultLine, trial: StoredTrial): Ending | undefined {
  const harmful = harmfulFaults(line.record, trial);
  if (!trial.hops || harmful.length === 0 || line.record.scenario.watchRecovery === false) return undefined;
  const span = spanOf(harmful);
  const all = watchedEndpoints(line, trial).map(({ windows }) => recoveryOf(windows, span, endOf(trial)));
  const recovery = all.toSorted((a, b) => severity(b) - severity(a))[0] ?? { state: 'unharmed' };
  const open = all.filter((one) => one.state === 'not recovered');
  const wellNs = recovery.state === 'recovered' ? span.toNs + recovery.after.ns : 0;
  return {
    recovery,
    isCut: open.length > 0 && open.every(({ isShort }) => isShort),
    shed: trial.faults.find((one) => isShedding(line.record, one) && one.plannedAtNs <= wellNs),
  };
}

/** Not recovered before recovered before unknown before unharmed; the longer the worse. */
function severity(one: Recovery): number {
  if (one.state === 'not recovered') return 1e18 + one.watchedNs;
  if (one.state === 'recovered') return 1 + one.after.ns;
  return one.state === 'unknown' ? 0.5 : 0;
}

function watchedEndpoints(line: FaultLine, trial: StoredTrial): StoredEndpoint[] {
  const dependent = dependentEndpoints(line, trial.hops!);
  const usual = controlOf(line, trial)?.hops?.endpoints;
  const span = { fromNs: spanOf(trial.faults).fromNs, toNs: endOf(trial) };
  const others = trial.hops!.endpoints.filter(
    (one) => !dependent.includes(one) && usual && isHarmed(one.windows, sameOf(usual, one), span),
  );
  return [...dependent, ...others];
}

function sameOf(usual: readonly StoredEndpoint[], { operation }: StoredEndpoint): readonly StoredWindow[] {
  return usual.find((one) => one.operation === operation)?.windows ?? [];
}

/** Text and second line of a recovery. */
export function recoveredTexts(line: FaultLine): readonly [text: string, below: string | null] {
  const ending = endingOf(line);
  if (!ending) return ['–', null];
  if (ending.isCut) return ['not watched', 'long enough'];
  const { recovery, shed } = ending;
  if (recovery.state === 'recovered') return [afterText(recovery.after), shed ? 'load shed' : null];
  if (recovery.state === 'not recovered') return [`> ${write.instant(recovery.watchedNs)}`, 'not recovered'];
  return [recovery.state === 'unharmed' ? 'unharmed' : 'too few calls', null];
}

/** Least and greatest time to recover in ns, known to within a window; undefined: unknown. */
export function recoveryBounds(line: FaultLine): readonly [least: number, greatest: number] | undefined {
  const ending = endingOf(line);
  if (!ending || ending.isCut) return undefined;
  const { recovery } = ending;
  if (recovery.state === 'not recovered') return [recovery.watchedNs, Infinity];
  if (recovery.state !== 'recovered') return recovery.state === 'unharmed' ? [0, 0] : undefined;
  const { ns, windowNs } = recovery.after;
  return ns < windowNs ? [0, windowNs] : [ns, ns];
}

/** `recovered in 0.4 s`; null: it was not harmed, or nobody knows. */
export function recoverySentence(line: FaultLine): string | null {
  const ending = endingOf(line);
  if (ending?.recovery.state === 'recovered') {
    return ending.shed
      ? 'recovered only after load was shed'
      : `recovered in ${afterText(ending.recovery.after)}`;
  }
  if (ending?.recovery.state !== 'not recovered') return null;
  if (ending.isCut) return 'not watched long enough to see a recovery';
  return `not recovered in ${write.instant(ending.recovery.watchedNs)}`;
}

/** From the fault to the first protective act, of the slowest round; null: a round has none. */
export function detectedNs({ record, trials }: FaultLine): number | null {
  const each = trials.map((trial) => {
    const faults = harmfulFaults(record, trial);
    const { fromNs, toNs } = spanOf(faults);
    const acts = (trial.hops?.protections ?? []).filter(({ atNs }) => atNs >= fromNs && atNs < toNs);
    return faults.length === 0 || acts.length === 0
      ? null
      : Math.min(...acts.map(({ atNs }) => atNs)) - fromNs;
  });
  return each.length === 0 || each.includes(null) ? null : Math.max(...each.map(Number));
}

/** Breakers that opened while nothing was on, nor had been lifted within a second; null: none ever changed. */
export function falseOpens({ trials, controls }: FaultLine): number | null {
  const all = [...trials, ...controls].filter(({ hops }) => hops);
  if (all.every(({ hops }) => hops!.transitions.length === 0)) return null;
  return all.reduce((sum, trial) => {
    const spans = disturbances(trial);
    const isCaused = (atNs: number) => spans.some(({ fromNs, toNs }) => atNs >= fromNs && atNs < toNs + 1e9);
    return (
      sum +
      trial.hops!.transitions.filter(
        ({ to, atNs, isFalse }) => to === 'opened' && (isFalse ?? !isCaused(atNs)),
      ).length
    );
  }, 0);
}

/** Faults that overlap, or follow at once, are one. */
function disturbances({ faults }: StoredTrial): Span[] {
  const sorted = faults.toSorted((a, b) => a.plannedAtNs - b.plannedAtNs);
  const groups: StoredFault[][] = [];
  let endNs = -Infinity;
  for (const fault of sorted) {
    if (fault.plannedAtNs <= endNs) groups.at(-1)!.push(fault);
    else groups.push([fault]);
    endNs = Math.max(endNs, fault.plannedAtNs + fault.plannedForNs);
  }
  return groups.map(spanOf);
}

export interface Blast {
  /** Titles of the endpoints that were harmed. */
  readonly harmed: readonly string[];
  /** Number of those harmed that do not depend on the fault, and of all that could be evaluated. */
  readonly others: number;
  readonly of: number;
}

/** Endpoints harmed from the fault on until the end, beyond the control; of the round with the most. */
export function blastOf(line: FaultLine): Blast | undefined {
  const all = line.trials.flatMap((trial): Blast[] => {
    const usual = controlOf(line, trial)?.hops?.endpoints;
    if (!trial.hops || !usual || trial.faults.length === 0) return [];
    const span = { fromNs: spanOf(trial.faults).fromNs, toNs: endOf(trial) };
    const known = trial.hops.endpoints.filter(({ windows }) => touching(windows, span).length > 0);
    const harmed = known.filter((one) => isHarmed(one.windows, sameOf(usual, one), span));
    const isOther = ({ operation }: StoredEndpoint) => !isDependent(line, operation);
    return [
      {
        harmed: harmed.map(({ title }) => title),
        others: harmed.filter(isOther).length,
        of: known.filter(isOther).length,
      },
    ];
  });
  return all.toSorted((a, b) => b.harmed.length - a.harmed.length)[0];
}

/** From the fault to the first unhealthy window of a service's callers, where these are harmed; of the soonest round. */
export function harmedAfter(line: FaultLine, service: string): After | undefined {
  const each = line.trials.flatMap((trial) => {
    const control = controlOf(line, trial);
    if (trial.faults.length === 0 || !control) return [];
    const span = { fromNs: spanOf(trial.faults).fromNs, toNs: Infinity };
    const usual = callerWindows(line, control, service);
    return callerWindows(line, trial, service).flatMap((windows, i): After[] => {
      if (!isHarmed(windows, usual[i] ?? [], span)) return [];
      const first = touching(windows, span).find((window) => !isWell(window))!;
      return [{ ns: Math.max(0, first.fromNs - span.fromNs), windowNs: first.toNs - first.fromNs }];
    });
  });
  return each.toSorted((a, b) => a.ns - b.ns)[0];
}

/** The caller of the first service is the generator. */
function callerWindows(line: FaultLine, trial: StoredTrial, service: string): (readonly StoredWindow[])[] {
  const [hops] = hopsOf([trial]);
  if (!hops) return [];
  if (hops.services[0]?.id === service) return dependentEndpoints(line, hops).map(({ windows }) => windows);
  return hops.edges.filter(({ to }) => to === service).map(({ windows }) => windows);
}

/** Time to recover; 0: unharmed; infinite: not while it was watched; undefined: unknown. */
export function recoveryNs(line: FaultLine): number | undefined {
  const recovery = endingOf(line)?.recovery;
  switch (recovery?.state) {
    case 'recovered':
      return recovery.after.ns;
    case 'not recovered':
      return Infinity;
    case 'unharmed':
      return 0;
    default:
      return undefined;
  }
}
