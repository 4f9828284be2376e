import type { Trial } from '../../record/record.ts';
import type { DesignStep } from '../loop/design.ts';

/**
 * A strategy of a search: yields the next step and is given its outcome, until it has converged or nothing more can be
 * learnt. Pure: it has no clock and no I/O.
 * (Nighthawk calls it a StepController.)
 */
export type StepStrategy<S, O> = Generator<S, void, O>;

/** Connects a strategy with trials. */
export interface SearchPlan<S, O, P extends object> {
  /** Trials of one step, one after the other. */
  readonly plan: (step: S) => Iterable<DesignStep<P>>;
  readonly outcomeOf: (trials: readonly (Trial & P)[]) => O;
  /** Called when the strategy knows the outcome of a step. */
  readonly learnt?: (step: S) => void;
  /** No further step begins. */
  readonly isOver: () => boolean;
}

/** The loop of every search. @returns whether the strategy came to its end */
export async function* search<S, O, P extends object>(
  strategy: StepStrategy<S, O>,
  { plan, outcomeOf, learnt, isOver }: SearchPlan<S, O, P>,
): AsyncGenerator<DesignStep<P>, boolean, readonly (Trial & P)[]> {
  let next = strategy.next();
  while (!next.done) {
    if (isOver()) return false;
    const { value: step } = next;
    const trials: (Trial & P)[] = [];
    for (const part of plan(step)) trials.push(...(yield part));
    next = strategy.next(outcomeOf(trials));
    learnt?.(step);
  }
  return true;
}
