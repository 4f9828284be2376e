import { faultByName } from '../../faults/faults.ts';
import { NS_PER_MS } from '../../kernel/clock.ts';
import { recovery, type Recovery, windowsSince } from '../../measure/hops/health.ts';
import { type EndpointFigures, RECOVERED_WINDOWS, WINDOW_ARRIVALS } from '../../measure/hops/hop-figures.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { formatCount, plural } from '../format.ts';
import type { FaultRecord, Trial } from '../../record/record.ts';
import type { Warning } from '../view.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { blastOf } from '../../analysis/faults/health-of.ts';
import { secondsText } from './recovery-text.ts';
import { endNs, spanOf } from '../../analysis/faults/stages.ts';

/** What a reader of faults and controls must know before believing them. */
export function faultWarnings(comparisons: readonly FaultComparison[]): Warning[] {
  const ran = comparisons.filter(({ trials }) => trials.length > 0);
  const firstOfControls = ran.filter((comparison, i) => {
    return ran.findIndex((other) => other.controls[0] === comparison.controls[0]) === i;
  });
  return [
    ...ran.flatMap((comparison) => [...missed(comparison), ...late(comparison), ...torn(comparison)]),
    ...undetermined(ran),
    ...unwatched(ran),
    ...withoutControl(ran),
    ...firstOfControls.flatMap((comparison) => unhealthyControl(comparison)),
    ...oneRound(ran),
  ];
}

/** Without a declared objective, health is judged by a percentile of the baseline: one that few calls tell is chance. */
export function roughObjectives(
  comparisons: readonly FaultComparison[],
  { objectiveMs }: Pick<Scenario, 'objectiveMs'>,
): Warning[] {
  if (objectiveMs !== null) return [];
  const endpoints = comparisons.flatMap(({ trials, controls }) =>
    [...trials, ...controls].flatMap(({ hops }) => hops?.endpoints ?? []),
  );
  const titles = new Set(endpoints.filter(isRough).map(({ title }) => title));
  if (titles.size === 0) return [];
  return [
    {
      code: 'objective-rough',
      text: `Nothing is declared as healthy, and the p99 of the baseline, by which it is judged in its place, is of too few calls to be known (${[...titles].join(', ')}).`,
      hint: 'Declare what is quick enough: --set objectiveMs=...',
    },
  ];
}

function isRough({ phases }: EndpointFigures): boolean {
  const baseline = phases.find(({ name }) => name === 'baseline');
  return !baseline || quantileCell(baseline.response, 0.99).state !== 'known';
}

/** A process fault is one that was seen; one of messages must have met some. */
function missed(comparison: FaultComparison): Warning[] {
  return comparison.trials.flatMap(({ faults }) =>
    faults.filter(isMissed).map((fault) => ({
      code: 'fault-missed',
      text: `${nameOf(comparison)}: the fault ${fault.id ?? fault.do} of ${fault.on} hit nothing: ${whyMissed(fault)}. What stands beside it is no effect of it.`,
      hint: 'Run again; a longer fault (`for`), or more load (--rate), meets more.',
    })),
  );
}

function isMissed(fault: FaultRecord): boolean {
  if (fault.do === 'load') return false;
  return fault.injectedNs === null || hasStruckNone(fault) || isUnseen(fault);
}

/** Of an edge, whom it kept from connecting only the caller can count. */
function hasStruckNone({ planned, injected, observed }: FaultRecord): boolean {
  return injected === 0 && (planned !== null || !observed);
}

/** Only the other end can tell. Of messages, often nobody is there to: who struck them has said so. */
function isUnseen({ planned, injected, observed, observedNs }: FaultRecord): boolean {
  if (planned !== null) return false;
  return observedNs === null || (injected === null && observed === 0);
}

function whyMissed(fault: FaultRecord): string {
  if (fault.injectedNs === null) return 'it was planned, and never injected';
  if (fault.injected === 0 && fault.planned === null) return 'no connection was there to bear it';
  if (fault.injected === 0) return `of ${plural(fault.planned!, 'message')} planned none was struck`;
  return 'it was injected, and nobody saw it';
}

/** So much later than planned is late: a tenth of its length, or this where that is more. */
const LATE_NS = 100 * NS_PER_MS;
const LATE_SHARE = 0.1;

/** What begins with a message has no instant of its own to be late for. */
function late(comparison: FaultComparison): Warning[] {
  return comparison.trials.flatMap(({ faults }) =>
    faults.flatMap((fault) => {
      const { observedNs, plannedAtNs, plannedForNs } = fault;
      const { layer } = faultByName(fault.do);
      if (observedNs === null || (layer !== 'process' && layer !== 'connection')) return [];
      const lateNs = observedNs - plannedAtNs;
      if (lateNs <= Math.max(LATE_NS, LATE_SHARE * plannedForNs)) return [];
      return [
        {
          code: 'fault-late',
          text: `${nameOf(comparison)}: the fault ${fault.id ?? fault.do} of ${fault.on} was on ${secondsText(lateNs)} later than planned: its phase holds so much time without it.`,
          hint: 'Use a quieter machine, or leave more time after the fault before it, and run again.',
        },
      ];
    }),
  );
}

/** Endpoints of which nobody can say whether they were harmed, by their titles, once for all lines. */
function undetermined(comparisons: readonly FaultComparison[]): Warning[] {
  const blasts = comparisons.flatMap((comparison) => blastOf(comparison) ?? []);
  const titles = new Set(
    blasts.flatMap(({ dependent, independent }) => [...dependent.undetermined, ...independent.undetermined]),
  );
  if (titles.size === 0) return [];
  return [
    {
      code: 'health-unknown',
      text: `Fewer than ${WINDOW_ARRIVALS} arrivals of ${[...titles].join(', ')} from the fault on: whether it was harmed, and when it was well again, is not known.`,
      hint: 'Run with more load (--rate), a larger share of it in `mix`, or for longer (--set durationMs=...).',
    },
  ];
}

/** Where no recovery could be seen, because too little arrived after the fault: that none was says nothing. */
function unwatched(comparisons: readonly FaultComparison[]): Warning[] {
  const names = new Set(comparisons.filter(({ trials }) => trials.some(isCutShort)).map(nameOf));
  if (names.size === 0) return [];
  return [
    {
      code: 'recovery-unseen',
      text: `${[...names].join('; ')}: after the fault was over, and what it had ended ready again, fewer than ${RECOVERED_WINDOWS} windows of ${WINDOW_ARRIVALS} arrivals were watched: no recovery could be seen, and that none was seen is no sign that there was none.`,
      hint: 'Run for longer (--set durationMs=...), or with more load (--rate).',
    },
  ];
}

/** Some endpoint was harmed, was not seen to recover, and could not have been. */
function isCutShort(trial: Trial): boolean {
  const faults = trial.faults.filter((fault) => fault.do !== 'load');
  if (faults.length === 0) return false;
  const span = spanOf(faults);
  return (trial.hops?.endpoints ?? []).some(({ windows }) => {
    const { state } = recovery(windows, span, endNs(trial));
    return state === 'not-recovered' && windowsSince(windows, span.toNs) < RECOVERED_WINDOWS;
  });
}

/** `none, leaf killed`: a line with its case. */
function nameOf({ name, case: of }: FaultComparison): string {
  return of === null ? name : `${name}, ${of.title}`;
}

function torn(comparison: FaultComparison): Warning[] {
  const count = comparison.trials.reduce((n, { hops }) => n + (hops?.torn ?? 0), 0);
  if (count === 0) return [];
  return [
    {
      code: 'hops-torn',
      text: `${nameOf(comparison)}: ${plural(count, 'line')} of the services' logs can't be read: what they said of hops is missing.`,
      hint: 'Look for a full disk (`commbench doctor`), and run again.',
    },
  ];
}

function withoutControl(comparisons: readonly FaultComparison[]): Warning[] {
  const names = comparisons.filter(({ controls }) => controls.length === 0).map(nameOf);
  if (names.length === 0) return [];
  return [
    {
      code: 'no-control',
      text: `No control trial stands beside ${names.join('; ')}: nothing tells what the fault did from what was there before.`,
      hint: 'Run again: the control is part of the plan.',
    },
  ];
}

/** Without any fault everything should be well: else the differences are of two disturbed trials. */
function unhealthyControl({ controls, name }: FaultComparison): Warning[] {
  const ill = [...new Set(controls.flatMap(illEndpoints))];
  if (ill.length === 0) return [];
  return [
    {
      code: 'control-unhealthy',
      text: `${name}: the control, in which nothing was done to it, was not healthy itself (${ill.join(', ')}): figures of the fault hold some of that.`,
      hint: 'Use a quieter machine or less load (--rate), or declare a wider objective (--set objectiveMs=...).',
    },
  ];
}

/** Titles of endpoints that would have to recover if there had been a fault from the begin on. */
function illEndpoints(control: Trial): string[] {
  const whole = { fromNs: 0, toNs: 0 };
  return (control.hops?.endpoints ?? [])
    .filter(({ windows }) => isIll(recovery(windows, whole, endNs(control))))
    .map(({ title }) => title);
}

function isIll({ state }: Recovery): boolean {
  return state === 'recovered' || state === 'not-recovered';
}

function oneRound(comparisons: readonly FaultComparison[]): Warning[] {
  if (comparisons.length === 0 || comparisons.some(({ trials }) => trials.length > 1)) return [];
  const trials = comparisons.flatMap((comparison) => comparison.trials).length;
  return [
    {
      code: 'spread-unknown',
      text: `Spread unknown: one round. ${formatCount(trials)} ${trials === 1 ? 'trial tells' : 'trials, each of something else, tell'} nothing of how much these figures vary by themselves.`,
      hint: 'Run with --rounds 3 or more.',
    },
  ];
}
