import { describe, expect, it } from 'vitest';
import type { SendResult } from '../../../src/kernel/transport.ts';
import { createWindow } from '../../../src/transports/kafka/window.ts';
import { createWire } from '../../../src/transports/kafka/wire.ts';

const ACK: SendResult = { kind: 'ack' };
const NEVER_MS = 60_000;

/** A send that settles when the test says so. */
function openSend() {
  const { promise, resolve } = Promise.withResolvers<SendResult>();
  let begun = 0;
  let over = 0;
  const begin = () => {
    begun++;
    return { result: promise, held: promise, over: () => void over++ };
  };
  return { begin, steadyState: () => resolve(ACK), begun: () => begun, over: () => over };
}

describe('the window of sends under way', () => {
  it('hands on what comes of a send, and frees its place', async () => {
    const window = createWindow(1);
    for (let i = 0; i < 3; i++) {
      const send = openSend();
      const sent = window.run(send.begin);
      send.steadyState();
      expect(await sent).toBe(ACK);
      expect(send.over()).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('refuses past its bound, and counts those that nobody waits for any more', async () => {
    const window = createWindow(2);
    const first = openSend();
    const bound = new AbortController();
    const sent = window.run(first.begin, { signal: bound.signal });
    bound.abort();
    expect(await sent).toMatchObject({ outcome: 'timeout', noEffect: false });
    const second = openSend();
    void window.run(second.begin);
    const third = openSend();
    expect(await window.run(third.begin)).toMatchObject({ outcome: 'refused', noEffect: true });
    expect(third.begun()).toBe(0);
    first.steadyState();
    await new Promise((resolve) => setImmediate(resolve));
    const fourth = openSend();
    void window.run(fourth.begin);
    expect(fourth.begun()).toBe(1);
  });

  it('does not begin what nobody waits for', async () => {
    const send = openSend();
    const result = await createWindow(1).run(send.begin, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ outcome: 'timeout', noEffect: true });
    expect(send.begun()).toBe(0);
  });

  it('settles every wait when it closes, waits for what is still held, and refuses from then on', async () => {
    const window = createWindow(2);
    const send = openSend();
    const sent = window.run(send.begin);
    let closed = false;
    const closing = window.close('given up', NEVER_MS).then(() => (closed = true));
    expect(await sent).toMatchObject({ outcome: 'connection-lost', noEffect: false, detail: 'given up' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    send.steadyState();
    await closing;
    expect(await window.run(openSend().begin)).toMatchObject({ outcome: 'refused', noEffect: true });
  });

  it('closes at once when nothing is held', async () => {
    await createWindow(1).close('given up', NEVER_MS);
  });
});

describe('the wire', () => {
  it('says of a send that it stayed here only if no connection was there from its begin to its end', () => {
    const wire = createWire();
    const before = wire.watch();
    expect(before()).toBe(true);
    wire.up();
    const during = wire.watch();
    // A connection that came and went may have taken it along.
    expect(before()).toBe(false);
    wire.down();
    expect(before()).toBe(false);
    expect(during()).toBe(false);
    expect(wire.watch()()).toBe(true);
  });

  it('counts connections, not instants: one of two that is left is one', () => {
    const wire = createWire();
    wire.up();
    wire.up();
    wire.down();
    expect(wire.watch()()).toBe(false);
  });
});
