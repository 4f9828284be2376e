import type { Arrivals } from '../logs/arrivals.ts';
import type { EndpointFigures } from './hop-figures.ts';
import { arrivalCall, byPhase, countsOf, type Frame, objectiveOf, timesOf, windowsOf } from './frame.ts';
import { completedNs, type Tally } from '../figures/tally.ts';

/** Parts of an endpoint's figures, beside the frame. */
export interface EndpointParts {
  readonly arrivals: Arrivals;
  readonly operationAt: (index: number) => string;
  readonly tally: Tally;
  /** Arrivals with a fallback's part in their reply. */
  readonly degraded: ReadonlySet<number>;
}

/** The arrivals of one operation at the generator, and their completion. */
export function endpointFigures(
  frame: Frame,
  parts: EndpointParts,
  { operation, title }: { readonly operation: string; readonly title: string },
): EndpointFigures {
  const { arrivals, operationAt, tally, degraded } = parts;
  const calls = Array.from(frame.offsetNs, (_, i) => i)
    .filter((i) => operationAt(i) === operation)
    .map((i) => ({
      ...arrivalCall(frame, arrivals, i),
      doneNs: completedNs(tally, i) - frame.startNs - frame.offsetNs[i]!,
    }));
  const objectiveNs = objectiveOf(frame, calls);
  const ofPhase = byPhase(frame, calls);
  return {
    operation,
    title,
    objectiveNs,
    windows: windowsOf(frame, calls, objectiveNs),
    phases: frame.phases.map((span, i) => {
      const mine = ofPhase[i]!;
      const correct = mine.filter(({ isCorrect }) => isCorrect);
      const ok = mine.filter(({ outcome }) => outcome === 'ok');
      return {
        name: span.name,
        planned: mine.length,
        correct: correct.length,
        degraded: correct.filter(({ sequence }) => degraded.has(sequence)).length,
        done: mine.filter(({ doneNs }) => !Number.isNaN(doneNs)).length,
        outcomes: countsOf(mine, ({ outcome }) => outcome),
        response: timesOf(frame, span, ok, ({ tookNs }) => tookNs),
        completion: timesOf(frame, span, mine, ({ doneNs }) => doneNs),
      };
    }),
  };
}
