import type { StreamPlan } from '../../kernel/contract.ts';
import type { User } from './user.ts';

export interface UserEvent {
  readonly user_id: string;
  readonly type: 'CREATED' | 'UPDATED' | 'DELETED';
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/**
 * A stream replays the life of a user in this many events: long enough to have gaps between items, short enough (0.2
 * s) that several streams a second fit on one machine.
 */
export const STREAM_EVENTS = 20;
export const STREAM_EVERY_MS = 10;
const SECOND_MS = 1000;

/** Created, updated again and again, deleted. */
export function eventsOf({ id, created_at: createdAt }: User): StreamPlan {
  const items = Array.from({ length: STREAM_EVENTS }, (_, i): UserEvent => {
    return { user_id: id, type: typeAt(i), timestamp: createdAt + i * SECOND_MS };
  });
  return { items, everyMs: STREAM_EVERY_MS };
}

function typeAt(index: number): UserEvent['type'] {
  if (index === 0) return 'CREATED';
  return index === STREAM_EVENTS - 1 ? 'DELETED' : 'UPDATED';
}

/** Whether these are all the events of this user, each once and in order. */
export function checkEvents(userId: string, items: unknown): string | undefined {
  if (!Array.isArray(items)) return 'Expected a list of events';
  if (items.length !== STREAM_EVENTS) return `Expected ${STREAM_EVENTS} events, found ${items.length}`;
  let last = -Infinity;
  for (const [i, item] of items.entries()) {
    const { user_id: id, type, timestamp } = (item ?? {}) as Partial<UserEvent>;
    if (id !== userId) return `Expected events of ${userId}, found one of ${String(id)}`;
    if (type !== typeAt(i)) return `Expected event ${i} to be ${typeAt(i)}, found ${String(type)}`;
    if (!Number.isSafeInteger(timestamp)) return `Expected a timestamp in ms, found ${String(timestamp)}`;
    if (timestamp! <= last) return `Expected events in order, found ${timestamp} after ${last}`;
    last = timestamp!;
  }
  return undefined;
}
