import { nowNs } from '../kernel/clock.ts';
import type { StreamShape } from '../kernel/contract.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { Call, Connection, Message } from '../kernel/transport.ts';
import type { ItemInstants } from '../measure/logs/arrivals.ts';
import type { Shard } from '../measure/schedule.ts';

/** Instants of the items of measured streams, or of the steps of measured flows. */
export interface ItemStamps {
  readonly items: ItemInstants;
  readonly shard: Shard;
}

/**
 * A stream as one call: its reply is the array of its items, checked by the contract when the stream has ended. A
 * failure that ends the stream is the call's. Items of measured streams are only stamped while their stream goes on.
 * @throws CommbenchError defect where the connection cannot open streams
 */
export function streamCall(connection: Connection, shape: StreamShape, stamps: ItemStamps): Call {
  if (!connection.open) throw new CommbenchError('defect', 'Expected a connection that opens streams');
  const open = connection.open.bind(connection);

  return async (message, options) => {
    const received: unknown[] = [];
    for await (const result of open(message, options)) {
      if (result.kind !== 'reply') return result;
      stampItem(stamps, message, received.length);
      received.push(result.body);
      // One too many suffices to break the contract, and bounds the memory of an endless stream.
      if (received.length > shape.items || (shape.isLeft && received.length === shape.items)) break;
    }
    return { kind: 'reply', body: received };
  };
}

/** Stamps the arrival of an item of a measured stream, or the end of a step of a measured flow. */
export function stampItem(
  { items, shard }: ItemStamps,
  { envelope: { stage, sequence } }: Message,
  item: number,
): void {
  if (stage !== 'measured' || item >= items.perArrival) return;
  const arrival = (sequence - shard.index) / shard.count;
  items.ns[arrival * items.perArrival + item] = nowNs();
}
