import type { Call, Message, SendResult } from '../../src/kernel/transport.ts';
import { echoOf } from '../../src/contracts/echo.ts';
import { createMessages, type Messages } from '../../src/generator/messages.ts';

export const REPLY_OF = (message: Message): SendResult => ({ kind: 'reply', body: message.body });

export function echoMessages(seed = 1): Messages {
  const address = { url: 'http://127.0.0.1:1' };
  return createMessages(
    { trial: 3, seed, keys: 10, address, mix: [{ operation: 'echo', share: 1 }] },
    echoOf(64),
  );
}

/** A call that keeps what it was given and answers as told; `hang` answers only when it is cancelled. */
export function scriptedCall(answer: (message: Message) => SendResult | 'hang' | 'deaf') {
  const sent: Message[] = [];
  const call: Call = (message, options) => {
    sent.push(message);
    const result = answer(message);
    if (result === 'deaf') return new Promise(() => undefined);
    if (result !== 'hang') return Promise.resolve(result);
    return new Promise((resolve) => {
      options!.signal!.addEventListener('abort', () => {
        resolve({ kind: 'failure', outcome: 'timeout', noEffect: false, status: 0, detail: 'cancelled' });
      });
    });
  };
  return { call, sent };
}
