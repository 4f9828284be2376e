import { onAbort } from '../kernel/wait.ts';
import type { EndSignal } from '../kernel/transport.ts';

/** Reason of an ended wait: another attempt was quicker. It says nothing about the service. */
export const ANOTHER_WON = Symbol('another attempt was quicker');
/** A given reason avoids making an error, with its stack, for each wait that ends. */
const TIME_IS_OVER = Symbol('time is over');

/** A wait inside the caller's own wait: both can end it, and the first reason stays known. */
export interface Wait extends Disposable {
  /** Aborted when either has ended it. */
  readonly signal: AbortSignal;
  /** Ours ends it. @returns whether that was its end: false where it was over already */
  end(reason?: symbol): boolean;
  /** Ours ended it, and before anybody else did. */
  readonly isOurs: boolean;
}

/** Disposing leaves no listener behind, and ends nothing. */
export function waitWithin(outer: EndSignal | undefined): Wait {
  const controller = new AbortController();
  const { signal } = controller;
  let isOurs = false;
  const endedOutside = (): void => controller.abort(outer?.reason);
  const listener = onAbort(outer, endedOutside);
  return {
    signal,
    end(reason = TIME_IS_OVER) {
      if (signal.aborted) return false;
      isOurs = true;
      controller.abort(reason);
      return true;
    },
    get isOurs() {
      return isOurs;
    },
    [Symbol.dispose]: () => listener[Symbol.dispose](),
  };
}

/** An AbortSignal for libraries that require one. */
export function abortSignalOf(signal: EndSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  onAbort(signal, () => controller.abort(signal.reason));
  return controller.signal;
}
