import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TrialLabel } from '../../../src/trial/progress.ts';
import { liveProgress } from '../../../src/commands/terminal/progress-live.ts';
import { plainProgress } from '../../../src/commands/terminal/progress-plain.ts';

const LABEL: TrialLabel = {
  round: 2,
  rounds: 5,
  index: 3,
  count: 14,
  pattern: 'REST',
  variant: null,
  kind: 'latency',
};

/** Stands for the escape character, which has no place in a pattern. */
const ESCAPE = '␛';

/** A terminal of few columns: keeps what is on its screen. */
class Screen extends Writable {
  readonly columns = 60;
  lines: string[] = [''];
  writes = 0;
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes++;
    for (const part of chunk
      .toString()
      .replaceAll('\u001B', ESCAPE)
      .split(/(␛\[\d*[A-Z]|\n)/))
      this.#take(part);
    done();
  }
  #take(part: string): void {
    const up = /^␛\[(\d*)A$/.exec(part);
    // Clearing always follows a move to the first column here.
    if (up) this.lines = [...this.lines.slice(0, this.lines.length - 1 - Number(up[1])), ''];
    else if (part === '\n') this.lines.push('');
    else if (!part.startsWith(ESCAPE)) this.lines[this.lines.length - 1] += part;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('on a terminal two lines are redrawn in place, others stay above', () => {
  const screen = new Screen();
  let nowNs = 0;
  const progress = liveProgress(screen, { nowNs: () => nowNs });
  progress.line('About 60 s for 14 trials');
  progress.trialStarted(LABEL);
  progress.phase('baseline', 3);
  progress.live({ ratePerS: 199.6, p50Ms: 0.812, p99Ms: null });
  vi.advanceTimersByTime(200);
  expect(screen.lines).toEqual([
    'About 60 s for 14 trials',
    '▸ 3/14 REST, round 2 of 5  baseline, 3 s left',
    '  work done: 200/s  p50 0.81 ms  p99 –',
    '',
  ]);
  nowNs = 1.5e9;
  vi.advanceTimersByTime(200);
  expect(screen.lines[1]).toBe('▸ 3/14 REST, round 2 of 5  baseline, 2 s left');
  progress.trialEnded(LABEL, 'done', 'valid, sustained');
  expect(screen.lines).toEqual([
    'About 60 s for 14 trials',
    '✓ 3/14 REST, round 2 of 5: valid, sustained',
    '',
  ]);
  progress.close();
});

test('it draws at most five times a second, whatever it is told', () => {
  const screen = new Screen();
  const progress = liveProgress(screen, { nowNs: () => 0 });
  progress.trialStarted(LABEL);
  for (let i = 0; i < 1000; i++) {
    progress.live({ ratePerS: i, p50Ms: i, p99Ms: i });
    vi.advanceTimersByTime(1);
  }
  // A redraw is four writes: up, to the first column, clear, and the new lines.
  expect(screen.writes).toBeLessThanOrEqual(5 * 4);
  progress.close();
});

test('lines never wrap, and nothing is left after close', () => {
  const screen = new Screen();
  const progress = liveProgress(screen, { nowNs: () => 0 });
  progress.trialStarted({ ...LABEL, pattern: 'x'.repeat(200) });
  vi.advanceTimersByTime(200);
  expect(screen.lines[0]).toHaveLength(59);
  progress.close();
  vi.advanceTimersByTime(1000);
  expect(screen.lines).toEqual(['']);
});

test('without a terminal: a line per start, stage and end, no live figures', () => {
  const written: string[] = [];
  const progress = plainProgress((text) => written.push(text));
  progress.trialStarted(LABEL);
  for (const left of [3, 2.5, 2]) {
    progress.phase('baseline', left);
    progress.live({ ratePerS: 200, p50Ms: 1, p99Ms: 2 });
  }
  progress.phase('draining', null);
  progress.trialEnded(LABEL, 'failed', 'the service ended early');
  progress.close();
  expect(written.join('')).toBe(`3/14 REST, round 2 of 5: started
  baseline, 3 s left
  draining
3/14 REST, round 2 of 5: FAILED: the service ended early
`);
});
