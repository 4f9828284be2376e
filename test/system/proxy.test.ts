import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../src/trial/progress.ts';
import { startProxy } from '../../src/components/proxy/start-proxy.ts';
import { openTestbed } from '../../src/trial/environment/testbed.ts';
import {
  asking,
  openPlace,
  outcomeOf,
  sendUntil,
  sendUntilAccepted,
  sequencesOf,
} from '../contract/place.ts';
import { allSubjects, type Subject } from '../support/transport-bench.ts';

/** A real service or broker, and a real client that knows it through a proxy process only. */
async function openEdge(subject: Subject) {
  await using stack = new AsyncDisposableStack();
  const place = stack.use(await openPlace(subject));
  const testbed = stack.use(
    await openTestbed({ progress: silentProgress, signal: new AbortController().signal }),
  );
  const target = place.server.address;
  const proxy = stack.use(
    await startProxy(testbed, { name: 'proxy', target, wire: subject.definition.wire }, testbed.signal),
  );
  const { send } = stack.use(await place.bench.connect(proxy.address));
  const owned = stack.move();
  return { proxy, send, seen: place.seen, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

for (const subject of await allSubjects(() => true)) {
  const { name, interaction, missing } = subject;
  const ask = asking(subject);
  if (missing !== undefined) process.stderr.write(`SKIPPED a proxy before ${name}: ${missing}\n`);
  describe.skipIf(missing !== undefined)(`a proxy before ${name}, ${interaction}`, () => {
    it('carries every call, lets none past it in a black hole, and works again when that is lifted', async () => {
      await using edge = await openEdge(subject);
      expect(outcomeOf(await edge.send(ask(0)))).toBeUndefined();
      await edge.seen.holds(1);
      const { counts: before } = await edge.proxy.set({ kind: 'black-hole' });
      const bound = new AbortController();
      const held = edge.send(ask(1), { signal: bound.signal });
      let counts = before;
      while (counts.heldBytes === before.heldBytes) counts = await edge.proxy.observed();
      bound.abort();
      expect(await held).toMatchObject({ outcome: 'timeout', noEffect: false });
      expect(sequencesOf(edge.seen.items)).toEqual([0]);
      expect(counts.bytesUp).toBe(before.bytesUp);
      await edge.proxy.set(null);
      await sendUntilAccepted(subject, edge.send, 2);
    });

    it('refuses its client, who finds back when it no longer does', async () => {
      await using edge = await openEdge(subject);
      await edge.send(ask(0));
      expect((await edge.proxy.set({ kind: 'refuse' })).counts.closed).toBeGreaterThan(0);
      await sendUntil(subject, edge.send, 1, (outcome) => outcome === 'refused');
      await edge.proxy.set(null);
      await sendUntilAccepted(subject, edge.send, 1_000_000);
    });
  });
}
