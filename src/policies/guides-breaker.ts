import { z } from 'zod';
import { boundedNumber, wholeNumber } from '../kernel/bounded.ts';
import { behind, type Breaker } from './breaker/gate.ts';
import type { Change } from './breaker/states.ts';
import type { PolicyDefinition } from './policy.ts';

const options = z.strictObject({
  failures: wholeNumber(1, 100_000)
    .default(5)
    .describe('number of failures since it last closed that open it, whatever succeeded between them'),
  openMs: boundedNumber(1, 600_000)
    .default(30_000)
    .describe('time for which it rejects every call, in ms; then any number of calls is admitted'),
});
type Options = z.infer<typeof options>;

type State =
  | { readonly kind: 'closed'; failures: number }
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'half-open' };

const NAME = 'guides-breaker';

/**
 * The breaker as the guides write it (DESIGN 5). It does not know which call belongs to which state: a call counts in
 * the state at its end, also in half-open if it was admitted long before.
 */
export const definition: PolicyDefinition<Options> = {
  name: NAME,
  title: "the guides' circuit breaker as written: a success never clears its count of failures",
  isBreaker: true,
  options,
  mostAttempts: () => 1,
  wrap(inner, given, context) {
    const { scheduler, emit } = context;
    const breaker = createGuidesBreaker(given, scheduler.nowMs, (change) =>
      emit({ policy: NAME, ...change }),
    );
    return behind(breaker, inner, NAME, context);
  },
};

function createGuidesBreaker(
  { failures, openMs }: Options,
  nowMs: () => number,
  onChange: (change: Change) => void,
): Breaker {
  let state: State = { kind: 'closed', failures: 0 };
  const open = (cause: string): void => {
    state = { kind: 'open', untilMs: nowMs() + openMs };
    onChange({ what: 'opened', cause });
  };
  const succeeded = (): void => {
    if (state.kind !== 'half-open') return;
    state = { kind: 'closed', failures: 0 };
    onChange({ what: 'closed', cause: 'one call succeeded' });
  };
  const failed = (): void => {
    if (state.kind === 'half-open') open('one call failed');
    else if (state.kind === 'closed' && ++state.failures >= failures)
      open(`${failures} failures since it last closed`);
  };
  return {
    admit() {
      if (state.kind === 'open') {
        if (nowMs() < state.untilMs) return 'open';
        state = { kind: 'half-open' };
        onChange({ what: 'half-open', cause: `${openMs} ms after it opened` });
      }
      return {
        isProbe: state.kind === 'half-open',
        end: ({ kind }) => (kind === 'failure' ? failed() : succeeded()),
        forget: () => undefined,
      };
    },
  };
}
