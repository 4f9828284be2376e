import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlots } from '../../../src/components/service/slots.ts';

describe('slots', () => {
  it('gives slots at once while there are any, then queues, then refuses', () => {
    const slots = createSlots(2, 1);
    expect(slots.take()).toBe(true);
    expect(slots.take()).toBe(true);
    expect(slots.take()).toBeInstanceOf(Promise);
    expect(slots.take()).toBe(false);
    expect(slots.taken).toBe(2);
  });

  it('refuses at once without a queue', () => {
    const slots = createSlots(1, 0);
    expect(slots.take()).toBe(true);
    expect(slots.take()).toBe(false);
    slots.leave();
    expect(slots.take()).toBe(true);
  });

  it('never refuses what a broker hands out, nor lets it pass those who wait', async () => {
    const slots = createSlots(1, 1);
    const order: string[] = [];
    const enter = async (name: string, isBrokers: boolean) => {
      if ((await slots.take(isBrokers)) === false) return void order.push(`${name} refused`);
      order.push(name);
      slots.leave();
    };
    void slots.take();
    const all = [
      enter('call', false),
      enter('message', true),
      enter('late call', false),
      enter('last', true),
    ];
    slots.leave();
    await Promise.all(all);
    expect(order).toEqual(['late call refused', 'call', 'message', 'last']);
    expect(slots.taken).toBe(0);
  });

  it('serves the queue in its order', async () => {
    const slots = createSlots(1, 10);
    void slots.take();
    const order: number[] = [];
    const waits = [1, 2, 3].map(async (n) => {
      await slots.take();
      order.push(n);
      slots.leave();
    });
    slots.leave();
    await Promise.all(waits);
    expect(order).toEqual([1, 2, 3]);
    expect(slots.taken).toBe(0);
  });

  it('hands a slot over without a gap: who comes meanwhile waits', async () => {
    const slots = createSlots(1, 10);
    void slots.take();
    const waiting = slots.take();
    slots.leave();
    expect(slots.take()).toBeInstanceOf(Promise);
    await waiting;
    expect(slots.taken).toBe(1);
  });

  it('never has more taken than slots, nor more waiting than the queue takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.nat(5),
        fc.array(fc.boolean(), { maxLength: 200 }),
        (size, limit, takes) => {
          const slots = createSlots(size, limit);
          let inside = 0;
          let waiting = 0;
          for (const take of takes) {
            if (take) {
              const slot = slots.take();
              expect(slot === false).toBe(inside === size && waiting === limit);
              if (slot === true) inside++;
              else if (slot !== false) waiting++;
            } else if (inside > 0) {
              slots.leave();
              if (waiting > 0) waiting--;
              else inside--;
            }
            expect(slots.taken).toBe(inside);
          }
        },
      ),
    );
  });
});
