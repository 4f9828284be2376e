import { correctCell, degradedCell } from '../../figures/fault-cells.ts';
import { cell, cellOf, fallingCell, ifAny, tailOf } from '../../figures/cells.ts';
import { amplification, edgePhases } from '../../figures/edges.ts';
import {
  eachOnce,
  type FaultLine,
  faultLines,
  hopsOf,
  isAsynchronous,
  loadFactor,
  phasesFromFault,
  phasesInside,
} from '../../figures/faults.ts';
import { addUp, phasesOf } from '../../figures/patterns.ts';
import { type Beside, requestsOfPhase } from '../../figures/requests.ts';
import { type Samples, together } from '../../figures/samples.ts';
import type { StoredFault } from '../../pages/stored.ts';
import * as write from '../../pages/written.ts';
import { NOTHING, type OwnColumn, type TableRule } from '../../rule.ts';
import { faultTableRule, type OfFault } from '../../fault-table.ts';

interface PhaseLine extends OfFault {
  readonly phase: string;
  readonly seen: Beside;
}

const phasesRule = faultTableRule<PhaseLine>({
  heading: /^By phase /,
  lines: (record) =>
    faultLines(record).flatMap((line) =>
      eachOnce(phasesOf(line.trials)).map(({ name }) => ({
        line,
        phase: name,
        seen: requestsOfPhase(line, name),
      })),
    ),
  columns: (_record, lines) => ({
    Phase: ({ phase }) => phase,
    'Calls due': ({ seen: { here } }) => cell(write.count(here.planned)),
    Goodput: ({ seen: { here, control } }) => {
      if (here.planned === 0) return NOTHING;
      const usual = control.planned === 0 ? null : `vs ${write.rate(control.correct / control.seconds)}`;
      return cell(write.rate(here.correct / here.seconds), usual);
    },
    Correct: ({ seen }) => correctCell(seen),
    Degraded: ({ seen }) => degradedCell(seen.here),
    ...timeColumns(lines, 'response', 'Response', () => true),
    'Finally done': ({ line, seen: { here } }) =>
      isAsynchronous(line) && here.planned > 0 ? cell(write.share(here.done / here.planned)) : NOTHING,
    ...timeColumns(lines, 'completion', 'Completion', isAsynchronous),
  }),
});

/** The median, and the highest percentile that most lines have. */
function timeColumns(
  lines: readonly PhaseLine[],
  of: 'response' | 'completion',
  title: string,
  isShown: (line: FaultLine) => boolean,
): Record<string, OwnColumn<PhaseLine>> {
  const tail = tailOf(lines.map(({ seen }) => seen.here[of]));
  return Object.fromEntries(
    [0.5, tail].map((q) => [
      `${title} ${write.quantile(q)}`,
      ({ line, seen: { here, control } }: PhaseLine) =>
        isShown(line) ? fallingCell(here[of], q, control[of]) : NOTHING,
    ]),
  );
}

interface HopLine extends OfFault {
  readonly edge: string;
  readonly phase: string;
  readonly own: ReturnType<typeof edgePhases>;
  readonly usual: ReturnType<typeof edgePhases>;
}

const hopsRule = faultTableRule<HopLine>({
  heading: /^By hop, as observed by its caller/,
  lines: (record) => faultLines(record).flatMap(hopLines),
  columns: (_record, lines) => {
    const tail = tailOf(lines.map(({ own }) => together(own.map(({ ok }) => ok))));
    return {
      Edge: ({ edge }) => edge,
      Phase: ({ phase }) => phase,
      Calls: ({ own }) => write.count(addUp(own, ({ calls }) => calls)),
      Attempts: ({ own }) => write.count(addUp(own, ({ attempts }) => attempts)),
      'Attempts per due call': ({ own }) => cellOf(amplification(own), write.ratio),
      Ok: ({ own }) => {
        const calls = addUp(own, (phase) => phase.calls);
        return calls === 0 ? NOTHING : write.share(addUp(own, ({ outcomes }) => outcomes['ok'] ?? 0) / calls);
      },
      Fallbacks: ({ own }) => ifAny(addUp(own, ({ fallbacks }) => fallbacks)),
      Rejected: ({ own }) => ifAny(addUp(own, ({ outcomes }) => outcomes['rejected'] ?? 0)),
      [`Ok after ${write.quantile(tail)}`]: ({ own, usual }) =>
        fallingCell(timesOf(own, 'ok'), tail, timesOf(usual, 'ok')),
      'Failed after p50': ({ own }) => fallingCell(timesOf(own, 'failed'), 0.5, null),
    };
  },
});

function timesOf(all: HopLine['own'], of: 'ok' | 'failed'): Samples | null {
  return together(all.map((phase) => phase[of]));
}

function hopLines(line: FaultLine): HopLine[] {
  const [first] = line.trials;
  if (!first?.hops) return [];
  return first.hops.edges.flatMap(({ id, transport }) => {
    const of = (trials: FaultLine['trials']) =>
      hopsOf(trials).flatMap(({ edges }) => edges.filter((edge) => edge.id === id));
    const edges = of(line.trials);
    return eachOnce(line.trials.flatMap(phasesFromFault)).map((phase) => {
      const names = line.controls.flatMap((control) => phasesInside(control, phase).map(({ name }) => name));
      return {
        line,
        edge: transport === 'rest' ? id : `${id} (${transport})`,
        phase: phase.name,
        own: edgePhases(edges, [phase.name]),
        usual: edgePhases(of(line.controls), names),
      };
    });
  });
}

interface InjectedLine extends OfFault {
  readonly fault: StoredFault;
}

/** What each fault makes of its target, in a word. */
const STATES: Readonly<Record<string, string>> = {
  kill: 'killed',
  freeze: 'frozen',
  latency: 'slow',
  error: 'replying with errors',
  hang: 'hanging',
  'end-before-ack': 'ending itself before it acknowledges',
  poison: 'poisoned',
  refuse: 'refusing connections',
  reset: 'resetting connections',
  'black-hole': 'a black hole',
  delay: 'delayed',
  bandwidth: 'narrowed',
};

const injectedRule = faultTableRule<InjectedLine>({
  heading: /^Faults: planned, injected, observed$/,
  lines: (record) =>
    faultLines(record).flatMap((line) =>
      line.trials.flatMap(({ faults }) => faults.map((fault) => ({ line, fault }))),
    ),
  columns: () => ({
    Fault: ({ line: { record }, fault }) => {
      const what =
        fault.do === 'load'
          ? `load ×${loadFactor(record, fault)}`
          : `${fault.on} ${STATES[fault.do] ?? fault.do}`;
      return `${what} for ${write.ms(fault.plannedForNs / 1e6)}`;
    },
    'Planned at': ({ fault }) => cellOf(fault.plannedAtNs, write.instant),
    'Injected at': ({ fault }) => cellOf(fault.injectedNs, write.instant),
    'Observed at': ({ fault }) => cellOf(fault.observedNs, write.instant),
    'Lifted at': ({ fault }) => cellOf(fault.liftedNs, write.instant),
    'Ready at': ({ fault }) => cellOf(fault.readyNs, write.instant),
    'Messages planned': ({ fault }) => cellOf(fault.planned, write.count),
    Injected: ({ fault }) => cellOf(fault.injected, write.count),
    Observed: ({ fault }) => cellOf(fault.observed, write.count),
  }),
});

export const rules: readonly TableRule[] = [phasesRule, hopsRule, injectedRule];
