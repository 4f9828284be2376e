import { createParser } from 'eventsource-parser';
import type { Message, SendResult } from '../../kernel/transport.ts';
import { createItems, type Items } from '../stream-items.ts';
import type { Answer } from './answer.ts';
import { type Dialect, MAX_REPLY_BYTES, TOO_LARGE_REPLY } from './dialect.ts';

/** An answer's body as items. */
export interface EventItems extends Pick<Items, 'read'> {
  /** Takes a chunk of the body. */
  readonly receive: (chunk: Buffer, answer: Answer) => void;
  /** The exchange is over. */
  readonly over: (result: SendResult) => void;
}

/**
 * The items of server-sent events.
 * @throws TypeError where the dialect has none
 */
export function eventItemsOf({ itemOf }: Dialect, message: Message): EventItems {
  if (!itemOf) throw new TypeError('Expected a dialect with items');
  const items = createItems();
  const text = new TextDecoder();
  let isOver = false;
  let bytes = 0;
  let latest: Answer | undefined;
  const over = (result: SendResult): void => {
    if (!isOver) items.end(result.kind === 'failure' ? result : undefined);
    isOver = true;
  };
  const parser = createParser({
    onEvent(event) {
      bytes = 0;
      const item = isOver ? undefined : itemOf(message, event, latest!);
      if (item?.kind === 'reply') items.item(item);
      else if (item) over(item);
    },
  });
  return {
    read: (source) => items.read(source),
    over,
    receive(chunk, answer) {
      latest = answer;
      bytes += chunk.length;
      if (bytes > MAX_REPLY_BYTES) return over(tooLarge(answer));
      parser.feed(text.decode(chunk, { stream: true }));
    },
  };
}

function tooLarge({ status, waitedNs }: Answer): SendResult {
  const failure = { kind: 'failure', outcome: 'contract-broken', noEffect: false } as const;
  return { ...failure, status, detail: TOO_LARGE_REPLY, waitedNs };
}
