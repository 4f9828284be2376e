import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConcurrencyLimiter } from '../../../src/components/service/concurrency-limiter.ts';

describe('slots', () => {
  it('gives slots at once while there are any, then queues, then refuses', () => {
    const limiter = createConcurrencyLimiter(2, 1);
    expect(limiter.take()).toBe(true);
    expect(limiter.take()).toBe(true);
    expect(limiter.take()).toBeInstanceOf(Promise);
    expect(limiter.take()).toBe(false);
    expect(limiter.taken).toBe(2);
  });

  it('refuses at once without a queue', () => {
    const limiter = createConcurrencyLimiter(1, 0);
    expect(limiter.take()).toBe(true);
    expect(limiter.take()).toBe(false);
    limiter.leave();
    expect(limiter.take()).toBe(true);
  });

  it('never refuses what a broker hands out, nor lets it pass those who wait', async () => {
    const limiter = createConcurrencyLimiter(1, 1);
    const order: string[] = [];
    const enter = async (name: string, isBrokers: boolean) => {
      if ((await limiter.take(isBrokers)) === false) return void order.push(`${name} refused`);
      order.push(name);
      limiter.leave();
    };
    void limiter.take();
    const all = [
      enter('call', false),
      enter('message', true),
      enter('late call', false),
      enter('last', true),
    ];
    limiter.leave();
    await Promise.all(all);
    expect(order).toEqual(['late call refused', 'call', 'message', 'last']);
    expect(limiter.taken).toBe(0);
  });

  it('serves the queue in its order', async () => {
    const limiter = createConcurrencyLimiter(1, 10);
    void limiter.take();
    const order: number[] = [];
    const waits = [1, 2, 3].map(async (n) => {
      await limiter.take();
      order.push(n);
      limiter.leave();
    });
    limiter.leave();
    await Promise.all(waits);
    expect(order).toEqual([1, 2, 3]);
    expect(limiter.taken).toBe(0);
  });

  it('hands a slot over without a gap: who comes meanwhile waits', async () => {
    const limiter = createConcurrencyLimiter(1, 10);
    void limiter.take();
    const waiting = limiter.take();
    limiter.leave();
    expect(limiter.take()).toBeInstanceOf(Promise);
    await waiting;
    expect(limiter.taken).toBe(1);
  });

  it('never has more taken than slots, nor more waiting than the queue takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.nat(5),
        fc.array(fc.boolean(), { maxLength: 200 }),
        (size, limit, takes) => {
          const limiter = createConcurrencyLimiter(size, limit);
          let inside = 0;
          let waiting = 0;
          for (const take of takes) {
            if (take) {
              const slot = limiter.take();
              expect(slot === false).toBe(inside === size && waiting === limit);
              if (slot === true) inside++;
              else if (slot !== false) waiting++;
            } else if (inside > 0) {
              limiter.leave();
              if (waiting > 0) waiting--;
              else inside--;
            }
            expect(limiter.taken).toBe(inside);
          }
        },
      ),
    );
  });
});
