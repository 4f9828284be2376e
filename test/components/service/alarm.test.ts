import { describe, expect, it } from 'vitest';
import { createAlarm } from '../../../src/components/service/alarm.ts';

/** A turn of the event loop, in which an alarm near its instant looks at its clock. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A clock set by hand; instants lie within the last quarter of a millisecond, so that no timer is waited for. */
function testbed() {
  const clock = { now: 0 };
  const alarm = createAlarm({ nowNs: () => clock.now });
  const step: string[] = [];
  const set = (name: string, dueNs: number, signal?: AbortSignal) =>
    void alarm(dueNs, signal).then(() => step.push(name));
  const at = async (now: number) => {
    clock.now = now;
    await turn();
    await turn();
  };
  return { alarm, clock, set, at, step };
}

describe('an alarm', () => {
  it('goes by its instants, whatever the order in which they were asked for', async () => {
    const { set, at, step } = testbed();
    set('third', 300);
    set('first', 100);
    set('second', 200);
    await at(99);
    expect(step).toEqual([]);
    await at(100);
    expect(step).toEqual(['first']);
    await at(500);
    expect(step).toEqual(['first', 'second', 'third']);
  });

  it('does not sleep past an instant that comes before the one it sleeps for', async () => {
    const { alarm, set, at, clock, step } = testbed();
    const slept = alarm(20e6);
    set('now', 50);
    await at(50);
    expect(step).toEqual(['now']);
    clock.now = 20e6;
    await slept;
  });

  it('that is past rings at once', async () => {
    const { set, step } = testbed();
    set('past', 0);
    await Promise.resolve();
    expect(step).toEqual(['past']);
  });

  it('is over when nobody waits any more, and the others still ring', async () => {
    const { set, at, step } = testbed();
    const gone = new AbortController();
    set('gone', 100, gone.signal);
    set('stays', 200);
    set('was gone', 100, AbortSignal.abort());
    gone.abort();
    await turn();
    expect(step).toEqual(['was gone', 'gone']);
    await at(200);
    expect(step).toEqual(['was gone', 'gone', 'stays']);
  });
});
