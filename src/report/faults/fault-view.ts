import type { Footnotes } from '../footnotes.ts';
import type { Result } from '../../record/record.ts';
import { breakersChart } from '../charts/breakers.ts';
import type { PlacedChart } from '../charts/chart.ts';
import type { Section } from '../view.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { hopsOf } from '../../analysis/faults/fault-trials.ts';
import { cascadeSection } from './tables/cascade.ts';
import { casesSection } from './tables/cases.ts';
import { deliverySection } from './tables/delivery.ts';
import { endpointsSection } from './tables/endpoints.ts';
import { faultsSection } from './tables/faults.ts';
import { hopsSection } from './tables/hops.ts';
import { phasesSection } from './tables/phases.ts';
import { resilienceSection } from './tables/resilience.ts';

/** Tables of faults and controls: the outcome first, then its causes. */
export function faultSections(
  { scenario }: Result,
  comparisons: readonly FaultComparison[],
  notes: Footnotes,
): (Section | undefined)[] {
  return [
    casesSection(comparisons, scenario, notes),
    resilienceSection(comparisons, notes),
    endpointsSection(comparisons, scenario),
    deliverySection(comparisons, notes),
    phasesSection(comparisons),
    cascadeSection(comparisons),
    hopsSection(comparisons),
    faultsSection(comparisons, scenario),
  ];
}

/** The timelines of breakers: of the first round, and of a control in which one did anything. */
export function faultCharts(comparisons: readonly FaultComparison[]): PlacedChart[] {
  return comparisons.flatMap((comparison) => {
    const name = comparison.case ? `${comparison.name}, ${comparison.case.title}` : comparison.name;
    const shown = [
      ...comparison.trials.slice(0, 1).map((trial) => ({ trial, title: `${name}: breakers` })),
      ...comparison.controls.slice(0, 1).map((trial) => ({
        // Its phases bear the names of faults that were not there.
        trial: { ...trial, phases: trial.phases.map((phase) => ({ ...phase, name: 'baseline' })) },
        title: `${name}, control: breakers`,
      })),
    ];
    return shown.flatMap(({ trial: { hops, phases }, title }) => {
      const chart = hops ? breakersChart(title, hops, phases) : undefined;
      return chart ? [{ ...chart, behind: 'resilience' }] : [];
    });
  });
}

/** How to read these sections: only what is there. */
export function howToReadFaults(comparisons: readonly FaultComparison[]): string[] {
  const all = comparisons.flatMap(({ trials }) => hopsOf(trials));
  const some = (is: boolean, line: string) => (is ? [line] : []);
  return [
    'Times count from the instant at which a call was due by its schedule, sent or not; so does the phase to which it belongs.',
    'A fault lasts until what it took away is there again, a killed process or broker ready; a fault of messages until it is lifted. Shares are of the calls due in that time.',
    'Correct: answered as the contract says, within the deadline. Goodput: correct answers per second. Degraded: correct by grace of a fallback.',
    'vs: the control trial, which has the same arrivals and no fault. A percentile for which there are too few calls gives way to a lower one, by its name.',
    ...some(
      comparisons.some(({ trials }) => trials.some(({ hops }) => hops !== null)),
      'Recovered: from the fault lifted, and the service ready again, to the first of five healthy windows (50 arrivals of an endpoint each) in a row, known to within one window; "> 6.2 s": not as far as it was watched; not watched long enough: fewer than five windows came after the fault.',
    ),
    ...some(
      all.some(({ edges }) => edges.length > 0),
      'Retry amplification: attempts into the last service that is waited for, over those due if nothing fails: 1 is none. Failed fast: calls that failed without an attempt, or within a tenth of their objective. Detected after: from the fault to the first call rejected, or breaker opened. False trips: breakers that opened while the service behind them was healthy by its own log.',
    ),
    ...some(
      all.some(({ services }) => services.length > 1),
      "Wasted work: executions whose result was late, repeated or a failure. Late: it came after the call's deadline, or to nobody who still waited; behind a broker the result is the effect. Repeated: done again, or for a try that its caller did not go on with. Harmed after: from the fault to the first unhealthy window of the service's callers, where these are harmed beyond the control.",
    ),
    ...some(
      all.some(({ services }) => services.some(({ backlog }) => backlog !== null)),
      'Completion time: when the last service that the call gets to has done its part. Lost: accepted, never done. Backlog: accepted by the broker and not done yet; drained after: from the last arrival on.',
    ),
  ];
}
