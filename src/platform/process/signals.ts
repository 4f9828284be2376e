import { monotonicClock, NS_PER_MS, type Clock } from '../../kernel/clock.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { watchLauncher } from './launcher-watch.ts';

/**
 * A second Ctrl-C sooner than this is the same one delivered twice (terminal and a forwarding parent), or an impatient
 * finger.
 */
const FORCE_AFTER_NS = 500 * NS_PER_MS;

/** The user's wish to end, for everything that waits. Disposing gives the signals back. */
export interface Interruption extends Disposable {
  /** Aborted with the `CommbenchError` that decides the exit code. */
  readonly signal: AbortSignal;
}

/**
 * The first SIGINT, SIGTERM or SIGHUP asks everything to end in order; later ones change nothing, but
 * a Ctrl-C half a second or more after the first ends this process at once. The reaper, whose pipe
 * closes with it, then ends the children.
 */
export function installSignals(clock: Clock = monotonicClock): Interruption {
  const controller = new AbortController();
  let firstNs: number | undefined;

  const asked = (name: NodeJS.Signals): void => {
    if (firstNs === undefined) {
      firstNs = clock.nowNs();
      controller.abort(reasonOf(name));
    } else if (name === 'SIGINT' && clock.nowNs() - firstNs >= FORCE_AFTER_NS) {
      process.exit(EXIT.interrupted);
    }
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, asked);
  const launcher = watchLauncher(() => asked('SIGTERM'));
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of names) process.off(name, asked);
      launcher[Symbol.dispose]();
    },
  };
}

function reasonOf(name: NodeJS.Signals): CommbenchError {
  if (name !== 'SIGINT') return new CommbenchError('terminated', `Ended by ${name}`);
  return new CommbenchError('interrupted', 'Interrupted');
}
