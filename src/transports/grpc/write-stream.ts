import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Handled } from '../../kernel/contract.ts';
import { statusOf } from './status.ts';

/**
 * Writes the items as the caller takes them, then the status. A caller that has gone aborts the
 * signal, and leaving the loop ends the work.
 */
export async function writeStream(
  call: ServerWritableStream<object, object>,
  work: (signal: AbortSignal) => AsyncIterable<Handled>,
): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  call.once('cancelled', leave);
  for await (const handled of work(gone.signal)) {
    if (gone.signal.aborted) return;
    if (handled.kind === 'failed') return void call.emit('error', statusOf(handled));
    if (!call.write(handled.body as object)) await drained(call, gone.signal);
  }
  if (!gone.signal.aborted) call.end();
}

/** Settles when the caller has taken enough, or has gone. */
async function drained(call: ServerWritableStream<object, object>, signal: AbortSignal): Promise<void> {
  try {
    await once(call, 'drain', { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
