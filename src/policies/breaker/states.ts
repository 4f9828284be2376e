import type { PolicyEvent } from '../../kernel/policy-event.ts';
import type { Failure, SendResult } from '../../kernel/transport.ts';
import type { Breaker, Pass } from './gate.ts';
import { isCallersFault } from '../failures.ts';
import type { BreakerWindow } from './window.ts';

export interface Settings {
  readonly openMs: number;
  readonly permittedInHalfOpen: number;
  readonly slowCallMs: number;
  /** Outcomes that are failures, and those that are ignored. All others are successes. */
  readonly failures: readonly Failure['outcome'][];
  readonly ignored: readonly Failure['outcome'][];
  readonly newClosedWindow: () => BreakerWindow;
  readonly newHalfOpenWindow: () => BreakerWindow;
}

type State =
  | { readonly kind: 'closed'; readonly window: BreakerWindow }
  | { readonly kind: 'open'; readonly untilMs: number }
  /** `left`: calls that may still be let through. */
  | { readonly kind: 'half-open'; readonly window: BreakerWindow; left: number };

export type Change = Pick<PolicyEvent, 'what' | 'cause'> & {
  readonly what: 'opened' | 'half-open' | 'closed';
};

/**
 * closed → open → half-open → closed or open: the states of resilience4j's CircuitBreakerStateMachine. A call counts
 * in the state that admitted it, or not at all.
 */
export function createBreaker(
  settings: Settings,
  nowMs: () => number,
  onChange: (change: Change) => void,
): Breaker {
  const { openMs, permittedInHalfOpen } = settings;
  let state: State = { kind: 'closed', window: settings.newClosedWindow() };

  const open = (cause: string): void => {
    state = { kind: 'open', untilMs: nowMs() + openMs };
    onChange({ what: 'opened', cause });
  };
  const halfOpen = (): State => {
    state = { kind: 'half-open', window: settings.newHalfOpenWindow(), left: permittedInHalfOpen };
    onChange({ what: 'half-open', cause: `${openMs} ms after it opened` });
    return state;
  };
  const close = (): void => {
    state = { kind: 'closed', window: settings.newClosedWindow() };
    onChange({ what: 'closed', cause: 'few enough of the calls in half-open failed or were slow' });
  };
  const passOf = (from: Exclude<State, { kind: 'open' }>): Pass => ({
    isProbe: from.kind === 'half-open',
    forget() {
      if (from.kind === 'half-open') from.left++;
    },
    end(result, tookMs) {
      if (from !== state) return;
      const verdict = verdictOf(result, settings);
      if (verdict === 'ignored') return this.forget();
      const call = { isFailure: verdict === 'failure', isSlow: tookMs > settings.slowCallMs };
      const assessment = from.window.count(call, nowMs());
      if (typeof assessment === 'object') open(assessment.exceeded);
      else if (assessment === 'below' && from.kind === 'half-open') close();
    },
  });

  return {
    admit() {
      const at = state.kind === 'open' && nowMs() >= state.untilMs ? halfOpen() : state;
      if (at.kind === 'open') return 'open';
      if (at.kind === 'half-open') {
        if (at.left === 0) return 'half-open, and the permitted calls are under way';
        at.left--;
      }
      return passOf(at);
    },
  };
}

function verdictOf(result: SendResult, { failures, ignored }: Settings): 'failure' | 'ignored' | 'success' {
  if (result.kind !== 'failure' || isCallersFault(result)) return 'success';
  if (ignored.includes(result.outcome)) return 'ignored';
  return failures.includes(result.outcome) ? 'failure' : 'success';
}
