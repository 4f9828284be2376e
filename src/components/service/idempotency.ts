import type { Handled } from '../../kernel/contract.ts';
import type { Incoming } from '../../kernel/transport.ts';

/** Past so many answers the oldest is forgotten: at 500 messages a second, after more than half a minute. */
export const MAX_REMEMBERED = 20_000;

/** Does the work of a message once, however often the message comes. */
export type Once = (message: Incoming, work: () => Promise<Handled>) => Promise<Handled>;

/**
 * The key is the arrival and its operation, whatever the attempt and whoever delivers it. A repeat that comes while
 * the first is at work waits for its answer, with its slot taken as the first has one. A failure is told to those who
 * wait for it and then forgotten: the next one tries again. All of it is in memory, and gone with the process.
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
