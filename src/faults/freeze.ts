import type { Fault } from './fault.ts';

/** SIGSTOP and SIGCONT: the process keeps its sockets and says nothing. */
export const freeze: Fault = {
  apply: (target) => target.signal('SIGSTOP'),
  lift: (target) => target.signal('SIGCONT'),
};
