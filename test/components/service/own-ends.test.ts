import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openHopWriter } from '../../../src/measure/logs/hop-log.ts';
import { type OwnEnd, reviveAfterOwnEnd } from '../../../src/components/service/own-ends.ts';
import type { HopConfig } from '../../../src/plan/service-config.ts';

const KILLED = { code: null, signal: 'SIGKILL', atNs: 5, forced: false } as const;

/** A service with two faults that end it, and one that does not; the log says which of them struck. */
function hopWith(struck: readonly string[]): HopConfig {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cbends-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const hopLogPath = path.join(folder, 'one.hops');
  using writer = openHopWriter(hopLogPath);
  const about = { stage: 'measured', sequence: 1, operation: 'createUser', attempt: 1 } as const;
  for (const fault of struck) writer.write({ type: 'injected', ...about, fault, service: 0, atNs: 1 });
  const faults = ['first', 'second', 'other'].map((id) => ({
    id,
    do: id === 'other' ? 'error' : 'end-before-ack',
    options: {},
    from: 0,
    to: 10,
    fromMs: 0,
    toMs: 1000,
  }));
  return {
    service: 0,
    seed: 1,
    hopLogPath,
    edges: [],
    faults,
    loadStartNs: null,
    idempotent: false,
    deadlineMs: 1000,
    listens: [],
  };
}

test('each fault ends its service once, and is noted', () => {
  const ends: OwnEnd[] = [];
  const revive = reviveAfterOwnEnd(ends);
  const once = revive(hopWith(['other', 'first']), KILLED);
  expect(once?.hop.faults.map(({ id }) => id)).toEqual(['second', 'other']);
  expect(ends).toEqual([{ fault: 'first', atNs: 5, readyNs: null }]);
  once!.ready();
  expect(ends[0]!.readyNs).toBeGreaterThan(5);
  // The same log again: what has struck already explains no second end.
  expect(revive({ ...once!.hop, hopLogPath: hopWith(['first']).hopLogPath }, KILLED)).toBeUndefined();
});

test.each([
  { what: 'of which its log says nothing', struck: ['other'], end: KILLED },
  { what: 'that is no kill', struck: ['first'], end: { ...KILLED, signal: null, code: 1 } },
])('an end $what was not planned', ({ struck, end }) => {
  const ends: OwnEnd[] = [];
  expect(reviveAfterOwnEnd(ends)(hopWith(struck), end)).toBeUndefined();
  expect(ends).toEqual([]);
});
