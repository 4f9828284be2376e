import { afterEach, expect, test, vi } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import { installSignals } from '../../../src/platform/process/signals.ts';

const NAMES = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Name = (typeof NAMES)[number];

/** Signals by hand, at instants by hand: only the listeners that were installed are called. */
function install() {
  const before = new Map(NAMES.map((name) => [name, process.listeners(name)]));
  let ms = 1000;
  const interruption = installSignals({ nowNs: () => ms * NS_PER_MS });
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  return {
    interruption,
    exit,
    send: (name: Name, afterMs = 0): void => {
      ms += afterMs;
      const installed = process.listeners(name).filter((it) => !before.get(name)!.includes(it));
      expect(installed).toHaveLength(1);
      installed[0]!(name);
    },
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.for([
  ['SIGINT', 'interrupted', 130],
  ['SIGTERM', 'terminated', 143],
  ['SIGHUP', 'terminated', 143],
] as const)('%s aborts as %s', ([name, code, exitCode]) => {
  const { interruption, send } = install();
  using _ = interruption;
  expect(interruption.signal.aborted).toBe(false);
  send(name);
  expect(interruption.signal.reason).toMatchObject({ code, exitCode });
});

test('the first signal decides', () => {
  const { interruption, send } = install();
  using _ = interruption;
  send('SIGTERM');
  send('SIGINT', 10);
  expect(interruption.signal.reason).toMatchObject({ code: 'terminated' });
});

test('a second Ctrl-C within half a second is the first one told twice', () => {
  const { interruption, exit, send } = install();
  using _ = interruption;
  send('SIGINT');
  send('SIGINT', 499);
  expect(exit).not.toHaveBeenCalled();
});

test('a second Ctrl-C after half a second ends at once', () => {
  const { interruption, exit, send } = install();
  using _ = interruption;
  send('SIGINT');
  send('SIGINT', 500);
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});

test('only Ctrl-C forces', () => {
  const { interruption, exit, send } = install();
  using _ = interruption;
  send('SIGTERM');
  send('SIGTERM', 5000);
  send('SIGHUP', 5000);
  expect(exit).not.toHaveBeenCalled();
  send('SIGINT', 0);
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});

test('disposing gives the signals back', () => {
  const before = NAMES.map((name) => process.listenerCount(name));
  installSignals()[Symbol.dispose]();
  expect(NAMES.map((name) => process.listenerCount(name))).toEqual(before);
});
