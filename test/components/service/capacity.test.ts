import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { Handled } from '../../../src/kernel/contract.ts';
import type { Incoming } from '../../../src/kernel/transport.ts';
import { createHandler } from '../../../src/components/service/handler.ts';
import { createProcessing } from '../../../src/components/service/processing.ts';
import { createConcurrencyLimiter } from '../../../src/components/service/concurrency-limiter.ts';

const NS_PER_MS = 1_000_000;
/** A turn of the event loop takes so long here: a hold looks at the clock turn by turn when its end is near. */
const TURN_NS = 50_000;
const realTurn = setImmediate;

interface Entry {
  readonly atNs: number;
  readonly callback: () => void;
}

/** Timers and turns of the event loop in a time that only they move on: all else takes none. */
function virtualLoop(): { readonly clock: Clock; until(ms: number): Promise<void> } {
  let nowNs = 0;
  const entries = new Set<Entry>();
  const enter = (delayNs: number, callback: () => void): Entry => {
    const entry = { atNs: nowNs + delayNs, callback };
    entries.add(entry);
    return entry;
  };
  const leave = (entry: Entry) => void entries.delete(entry);
  vi.stubGlobal('setTimeout', (callback: () => void, ms: number) => enter(ms * NS_PER_MS, callback));
  vi.stubGlobal('setImmediate', (callback: () => void) => enter(TURN_NS, callback));
  vi.stubGlobal('clearTimeout', leave);
  vi.stubGlobal('clearImmediate', leave);
  return {
    clock: { nowNs: () => nowNs },
    async until(ms) {
      for (;;) {
        // What follows from a callback without any time is over before the next one.
        await new Promise((resolve) => realTurn(resolve));
        const [next] = [...entries].toSorted((a, b) => a.atNs - b.atNs);
        if (!next || next.atNs > ms * NS_PER_MS) break;
        entries.delete(next);
        nowNs = next.atNs;
        next.callback();
      }
      nowNs = ms * NS_PER_MS;
    },
  };
}

function message(sequence: number): Incoming {
  return {
    operation: 'nothing',
    body: {},
    envelope: { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs: 0 },
    redelivered: false,
  };
}

/** A service of real slots, hold and handler. */
function serviceOf(
  { concurrency, queue, processingMs }: { concurrency: number; queue: number; processingMs: number },
  clock: Clock,
) {
  const doneAtNs: number[] = [];
  const mostAtOnce = { value: 0 };
  const handler = createHandler({
    interaction: 'request-reply',
    limiter: createConcurrencyLimiter(concurrency, queue),
    process: createProcessing(processingMs, clock),
    perform: () => ({ kind: 'done', body: {} }),
    effects: {
      write(_envelope, completedNs, concurrent) {
        doneAtNs.push(completedNs);
        mostAtOnce.value = Math.max(mostAtOnce.value, concurrent);
      },
      [Symbol.dispose]: () => undefined,
    },
    clock,
  });
  return { handler, doneAtNs, mostAtOnce };
}

afterEach(() => void vi.unstubAllGlobals());

describe('capacity by design: slots ÷ hold', () => {
  it.each([
    { concurrency: 10, processingMs: 20, perS: 500 },
    { concurrency: 12, processingMs: 40, perS: 300 },
    { concurrency: 1, processingMs: 4, perS: 250 },
  ])(
    '$slots slots × $processingMs ms do exactly $perS/s of more',
    async ({ concurrency, processingMs, perS }) => {
      const { clock, until } = virtualLoop();
      const { handler, doneAtNs, mostAtOnce } = serviceOf(
        { concurrency, queue: 10_000, processingMs },
        clock,
      );
      for (let sequence = 0; sequence < 2 * perS + 100; sequence++) void handler(message(sequence));
      await until(1000);
      expect(doneAtNs).toHaveLength(perS);
      await until(2000);
      expect(doneAtNs).toHaveLength(2 * perS);
      expect(mostAtOnce.value).toBe(concurrency);
      // Slot by slot, without a gap.
      const due = Array.from(
        { length: 2 * perS },
        (_, i) => (Math.floor(i / concurrency) + 1) * processingMs * NS_PER_MS,
      );
      expect(doneAtNs).toEqual(due);
    },
  );

  it('what comes while all slots and the whole queue are taken is refused at once: slots + queue are in, no more', async () => {
    const { clock, until } = virtualLoop();
    const { handler, doneAtNs } = serviceOf({ concurrency: 10, queue: 100, processingMs: 20 }, clock);
    const refused: Handled[] = [];
    for (let sequence = 0; sequence < 200; sequence++) {
      void handler(message(sequence)).then((handled) => handled.kind === 'failed' && refused.push(handled));
    }
    await until(0);
    expect(refused).toHaveLength(90);
    expect(refused.every((handled) => handled.kind === 'failed' && handled.status === 'overloaded')).toBe(
      true,
    );
    await until(1000);
    expect(doneAtNs).toHaveLength(110);
    // 11 times 10, 20 ms each.
    expect(doneAtNs.at(-1)).toBe(220 * NS_PER_MS);
  });
});
