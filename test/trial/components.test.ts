import { expect, test } from 'vitest';
import type { StartedComponent } from '../../src/kernel/component.ts';
import type { FaultTarget } from '../../src/kernel/fault-target.ts';
import { targetsIn, untilLost } from '../../src/trial/components.ts';
import { peaksOf, sampleUsage, usedIn } from '../../src/trial/usage.ts';

const NEVER = new Promise<string>(() => undefined);

function component(name: string, more: Partial<StartedComponent> = {}): StartedComponent {
  const common = { name, kind: 'service', endpoints: [], pids: [], lost: NEVER } as const;
  return { ...common, [Symbol.asyncDispose]: async () => undefined, ...more };
}

/** Notes what is done to it. */
function target(name: string, pid: number, did: string[]): FaultTarget {
  return {
    name,
    pids: [pid],
    signal: async (signal) => void did.push(`${name} ${signal}`),
    ended: async () => void did.push(`${name} ended`),
    restart: async () => void did.push(`${name} restart`),
  };
}

test('a component is a target by its name; several that are one thing to their callers are struck together', async () => {
  const did: string[] = [];
  const targets = targetsIn(
    [
      component('service/1', { faultTarget: target('a', 1, did) }),
      component('service/2', { faultTarget: target('b', 2, did) }),
      component('shop-pay', { kind: 'proxy', faultTarget: target('p', 3, did) }),
      component('kafka', { kind: 'broker' }),
    ],
    'row-7',
  );
  expect([...targets.keys()]).toEqual(['service', 'shop-pay']);
  const all = targets.get('service')!;
  expect([all.name, all.pids]).toEqual(['service-row-7', [1, 2]]);
  await all.signal('SIGKILL');
  await all.ended();
  await all.restart();
  expect(did).toEqual(['a SIGKILL', 'b SIGKILL', 'a ended', 'b ended', 'a restart', 'b restart']);
  expect(targets.get('shop-pay')!.name).toBe('p');
});

test('the first loss fails the trial; that of a broker is said to be one', async () => {
  const others = [component('a'), component('b')];
  await expect(untilLost([...others, component('c', { lost: Promise.resolve('c died') })])).rejects.toThrow(
    /^c died$/,
  );
  const broker = component('kafka', { kind: 'broker', lost: Promise.resolve('out of memory') });
  await expect(untilLost([...others, broker])).rejects.toMatchObject({
    code: 'child-failed',
    message: 'the broker kafka was lost during the trial; its last output: out of memory',
  });
});

test('use is summed by role, and unknown where any part of it is', () => {
  const watched = [
    { name: 'a', role: 'service', pids: [process.pid] },
    { name: 'b', role: 'service', pids: [process.pid] },
    { name: 'kafka', role: 'broker', pids: [process.pid] },
    { name: 'other', role: 'broker', pids: [] },
  ] as const;
  const { cpu } = sampleUsage(watched);
  const [a, b] = cpu.map(({ used }) => used);
  expect(a).toBeGreaterThan(0);
  expect(usedIn(cpu, 'service')).toBe(a! + b!);
  expect(usedIn(cpu, 'broker')).toBeUndefined();
  expect(usedIn(cpu, 'proxy')).toBeUndefined();
  expect(usedIn(peaksOf(watched), 'service')).toBeGreaterThan(1_000_000);
});
