import type { Handled } from '../../kernel/contract.ts';
import type { Incoming } from '../../kernel/transport.ts';

/** Maximum of remembered replies; at 500 messages a second the oldest is over half a minute old. */
const MAX_REMEMBERED = 20_000;

/** Does the work of a message once, however often the message comes. */
export type Once = (message: Incoming, work: () => Promise<Handled>) => Promise<Handled>;

/**
 * The key is the arrival and its operation, whatever the attempt and the connection. A repeat that comes while the
 * first is in progress waits for its reply, and counts towards the concurrency.
 * A failure is reported to waiting repeats and then forgotten: the next one tries again. All state is in memory, and
 * lost with the process.
 */
export function createOnce(most = MAX_REMEMBERED): Once {
  const answers = new Map<string, Promise<Handled>>();
  return ({ operation, envelope: { stage, sequence } }, work) => {
    const key = `${stage} ${sequence} ${operation}`;
    const known = answers.get(key);
    if (known) return known;
    const answer = work().then((handled) => {
      if (handled.kind === 'failed') answers.delete(key);
      return handled;
    });
    answers.set(key, answer);
    if (answers.size > most) answers.delete(answers.keys().next().value!);
    return answer;
  };
}
