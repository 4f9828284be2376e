import { expect, test } from 'vitest';
import type { StartedBroker } from '../../../src/kernel/broker.ts';
import { CommbenchError } from '../../../src/kernel/errors.ts';
import { hasProc } from '../../../src/platform/process/proc.ts';
import { lookAtMachine } from '../../../src/trial/environment/machine-look.ts';

const brokersOf = (pids: readonly number[]) => new Map([['one', { pids } as unknown as StartedBroker]]);

test('an interruption ends the look at once, with its own reason', async () => {
  const interruption = new AbortController();
  const look = lookAtMachine({ brokers: new Map(), idleCpu: new Map(), signal: interruption.signal });
  const reason = new CommbenchError('interrupted', 'Interrupted');
  interruption.abort(reason);
  await expect(look).rejects.toBe(reason);
});

test('nobody looks where nothing is shown and no broker is idle', async () => {
  const { signal } = new AbortController();
  expect(await lookAtMachine({ brokers: new Map(), idleCpu: new Map(), signal }, false)).toEqual({
    others: null,
  });
});

test.runIf(hasProc())(
  'idle brokers are sampled; whose processes are unknown would pass for others',
  async () => {
    const { signal } = new AbortController();
    const idleCpu = new Map();
    const known = await lookAtMachine({ brokers: brokersOf([process.ppid]), idleCpu, signal }, false);
    expect(known.others).toBeGreaterThanOrEqual(0);
    expect(idleCpu.get('one')).toMatchObject({ from: { cpuNs: expect.any(Number) } });
    const unknown = await lookAtMachine({ brokers: brokersOf([]), idleCpu: new Map(), signal }, false);
    expect(unknown).toEqual({ others: null });
  },
);
