import { faultByName } from '../../faults/faults.ts';
import { NS_PER_MS } from '../../kernel/clock.ts';
import { recovery, windowsSince } from '../../measure/hops/health.ts';
import { type EndpointFigures, RECOVERED_WINDOWS, WINDOW_ARRIVALS } from '../../measure/hops/hop-figures.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { formatCount, plural } from '../format.ts';
import type { Trial } from '../../record/record.ts';
import type { Warning } from '../view.ts';
import type { FaultLine } from '../../analysis/faults/fault-line.ts';
import { unhealthyEndpoints } from '../../analysis/faults/control-health.ts';
import { missedFaults } from '../../analysis/warnings/faults/fault-missed.ts';
import { unknownHealth } from '../../analysis/warnings/faults/health-unknown.ts';
import { faultMissedText } from '../warnings/faults/fault-missed.ts';
import { healthUnknownText } from '../warnings/faults/health-unknown.ts';
import { secondsText } from './recovery-text.ts';
import { endNs, spanOf } from '../../analysis/faults/stages.ts';

/** What a reader of faults and controls must know before believing them. */
export function faultWarnings(lines: readonly FaultLine[]): Warning[] {
  const ran = lines.filter(({ trials }) => trials.length > 0);
  const firstOfControls = ran.filter((line, i) => {
    return ran.findIndex((other) => other.controls[0] === line.controls[0]) === i;
  });
  return [
    ...ran.flatMap((line) => [...missed(line), ...late(line), ...torn(line)]),
    ...unjudged(ran),
    ...unwatched(ran),
    ...withoutControl(ran),
    ...firstOfControls.flatMap((line) => unhealthyControl(line)),
    ...oneRound(ran),
  ];
}

/** Without a declared objective, health is judged by a percentile of the baseline: one that few calls tell is chance. */
export function roughObjectives(
  lines: readonly FaultLine[],
  { objectiveMs }: Pick<Scenario, 'objectiveMs'>,
): Warning[] {
  if (objectiveMs !== null) return [];
  const endpoints = lines.flatMap(({ trials, controls }) =>
    [...trials, ...controls].flatMap(({ hops }) => hops?.endpoints ?? []),
  );
  const titles = new Set(endpoints.filter(isRough).map(({ title }) => title));
  if (titles.size === 0) return [];
  return [
    {
      code: 'objective-rough',
      text: `Nothing is declared as healthy, and the p99 of the baseline, by which it is judged in its place, is of too few calls to be known (${[...titles].join(', ')}).`,
      cure: 'Declare what is quick enough: --set objectiveMs=...',
    },
  ];
}

function isRough({ phases }: EndpointFigures): boolean {
  const baseline = phases.find(({ name }) => name === 'baseline');
  return !baseline || quantileCell(baseline.response, 0.99).state !== 'known';
}

function missed(line: FaultLine): Warning[] {
  return missedFaults(line).map((one) => ({
    code: one.code,
    text: faultMissedText(one),
    cure: 'Run again; a longer fault (`for`), or more load (--rate), meets more.',
  }));
}

/** So much later than planned is late: a tenth of its length, or this where that is more. */
const LATE_NS = 100 * NS_PER_MS;
const LATE_SHARE = 0.1;

/** What begins with a message has no instant of its own to be late for. */
function late(line: FaultLine): Warning[] {
  return line.trials.flatMap(({ faults }) =>
    faults.flatMap((fault) => {
      const { observedNs, plannedAtNs, plannedForNs } = fault;
      const { layer } = faultByName(fault.do);
      if (observedNs === null || (layer !== 'process' && layer !== 'connection')) return [];
      const lateNs = observedNs - plannedAtNs;
      if (lateNs <= Math.max(LATE_NS, LATE_SHARE * plannedForNs)) return [];
      return [
        {
          code: 'fault-late',
          text: `${nameOf(line)}: the fault ${fault.id ?? fault.do} of ${fault.on} was on ${secondsText(lateNs)} later than planned: its phase holds so much time without it.`,
          cure: 'Use a quieter machine, or leave more time after the fault before it, and run again.',
        },
      ];
    }),
  );
}

function unjudged(lines: readonly FaultLine[]): Warning[] {
  return unknownHealth(lines).map((one) => ({
    code: one.code,
    text: healthUnknownText(one),
    cure: 'Run with more load (--rate), a larger share of it in `mix`, or for longer (--set durationMs=...).',
  }));
}

/** Where no recovery could be seen, because too little arrived after the fault: that none was says nothing. */
function unwatched(lines: readonly FaultLine[]): Warning[] {
  const names = new Set(lines.filter(({ trials }) => trials.some(isCutShort)).map(nameOf));
  if (names.size === 0) return [];
  return [
    {
      code: 'recovery-unseen',
      text: `${[...names].join('; ')}: after the fault was over, and what it had ended ready again, fewer than ${RECOVERED_WINDOWS} windows of ${WINDOW_ARRIVALS} arrivals were watched: no recovery could be seen, and that none was seen is no sign that there was none.`,
      cure: 'Run for longer (--set durationMs=...), or with more load (--rate).',
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
function nameOf({ name, case: of }: FaultLine): string {
  return of === null ? name : `${name}, ${of.title}`;
}

function torn(line: FaultLine): Warning[] {
  const count = line.trials.reduce((n, { hops }) => n + (hops?.torn ?? 0), 0);
  if (count === 0) return [];
  return [
    {
      code: 'hops-torn',
      text: `${nameOf(line)}: ${plural(count, 'line')} of the services' logs can't be read: what they said of hops is missing.`,
      cure: 'Look for a full disk (`commbench doctor`), and run again.',
    },
  ];
}

function withoutControl(lines: readonly FaultLine[]): Warning[] {
  const names = lines.filter(({ controls }) => controls.length === 0).map(nameOf);
  if (names.length === 0) return [];
  return [
    {
      code: 'no-control',
      text: `No control trial stands beside ${names.join('; ')}: nothing tells what the fault did from what was there before.`,
      cure: 'Run again: the control is part of the plan.',
    },
  ];
}

/** Without any fault everything should be well: else the differences are of two disturbed trials. */
function unhealthyControl({ controls, name }: FaultLine): Warning[] {
  const ill = [...new Set(controls.flatMap(unhealthyEndpoints))];
  if (ill.length === 0) return [];
  return [
    {
      code: 'control-unhealthy',
      text: `${name}: the control, in which nothing was done to it, was not healthy itself (${ill.join(', ')}): figures of the fault hold some of that.`,
      cure: 'Use a quieter machine or less load (--rate), or declare a wider objective (--set objectiveMs=...).',
    },
  ];
}

function oneRound(lines: readonly FaultLine[]): Warning[] {
  if (lines.length === 0 || lines.some(({ trials }) => trials.length > 1)) return [];
  const trials = lines.flatMap((line) => line.trials).length;
  return [
    {
      code: 'spread-unknown',
      text: `Spread unknown: one round. ${formatCount(trials)} ${trials === 1 ? 'trial tells' : 'trials, each of something else, tell'} nothing of how much these figures vary by themselves.`,
      cure: 'Run with --rounds 3 or more.',
    },
  ];
}
