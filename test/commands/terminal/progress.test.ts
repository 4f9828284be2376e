import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endOf, endText, type Progress, type TrialLabel } from '../../../src/trial/progress.ts';
import { visibleProgress } from '../../../src/commands/terminal/measuring.ts';
import { liveProgress } from '../../../src/commands/terminal/progress-live.ts';
import { plainProgress, stagesProgress } from '../../../src/commands/terminal/progress-plain.ts';
import { latencyTrial } from '../../support/result.ts';

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
  readonly columns: number;
  lines: string[] = [''];
  writes = 0;
  constructor(columns: number) {
    super();
    this.columns = columns;
  }
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

test('on a terminal one line is redrawn in place, others stay above', () => {
  const screen = new Screen(100);
  let nowNs = 0;
  const progress = liveProgress(screen, { nowNs: () => nowNs });
  progress.line('About 60 s for 14 trials');
  progress.trialStarted({ ...LABEL, runSecondsLeft: 48 });
  progress.phase({ name: 'baseline', secondsLeft: 3 });
  progress.live({ ratePerS: 199.6, p50Ms: 0.812 });
  vi.advanceTimersByTime(200);
  expect(screen.lines).toEqual([
    'About 60 s for 14 trials',
    '▸ 3/14 REST, round 2 of 5 · baseline, 3 s · completed 200/s, p50 0.81 ms · 0:00 elapsed, 0:48 left',
    '',
  ]);
  nowNs = 1.5e9;
  vi.advanceTimersByTime(200);
  expect(screen.lines[1]).toBe(
    '▸ 3/14 REST, round 2 of 5 · baseline, 2 s · completed 200/s, p50 0.81 ms · 0:02 elapsed, 0:47 left',
  );
  progress.trialEnded(LABEL, 'done', 'valid, sustained');
  expect(screen.lines).toEqual([
    'About 60 s for 14 trials',
    '✓ 3/14 REST, round 2 of 5: valid, sustained',
    '',
  ]);
  progress.close();
});

test('a fault stands as a word, and on a narrow terminal it stays longest', () => {
  const screen = new Screen(60);
  const progress = liveProgress(screen, { nowNs: () => 0 });
  progress.trialStarted({ ...LABEL, runSecondsLeft: 48 });
  progress.phase({ name: 'outage', secondsLeft: 3, fault: 'service killed 1.2 s ago' });
  progress.live({ ratePerS: 0, p50Ms: null });
  vi.advanceTimersByTime(200);
  expect(screen.lines[0]).toBe('▸ 3/14 REST, round 2 of 5 · service killed 1.2 s ago');
  progress.close();
});

test('what is left of the run follows how long its trials took', () => {
  const screen = new Screen(100);
  let nowNs = 0;
  const progress = liveProgress(screen, { nowNs: () => nowNs });
  progress.trialStarted({ ...LABEL, runSecondsLeft: 60 });
  // Estimated as 10 s, it took 15.
  nowNs = 15e9;
  progress.trialStarted({ ...LABEL, index: 4, runSecondsLeft: 50 });
  vi.advanceTimersByTime(200);
  expect(screen.lines[0]).toBe('▸ 4/14 REST, round 2 of 5 · 0:15 elapsed, 1:15 left');
  progress.close();
});

test('the line says what was found so far that is not as it should be', () => {
  const screen = new Screen(120);
  const progress = liveProgress(screen, { nowNs: () => 0 });
  for (const end of ['done', 'unusable', 'failed', 'done', 'failed'] as const)
    progress.trialEnded(LABEL, end, end);
  progress.trialStarted({ ...LABEL, index: 8, runSecondsLeft: 60 });
  vi.advanceTimersByTime(200);
  expect(screen.lines.at(-2)).toBe(
    '▸ 8/14 REST, round 2 of 5 · 1 not valid, 2 failed · 0:00 elapsed, 1:00 left',
  );
  progress.close();
});

test('a tick stands beside a usable trial alone, and why another is not usable is told at once', () => {
  const trial = latencyTrial(1, 'rest', 1);
  const detail = 'other programs used 57 % of the CPU';
  const causes = [{ cause: 'disturbed' as const, detail }];
  const noisy = { ...trial, validity: { verdict: 'disturbed' as const, causes, boundQuantiles: [] } };
  const screen = new Screen(100);
  const progress = liveProgress(screen, { nowNs: () => 0 });
  for (const one of [trial, noisy]) progress.trialEnded(LABEL, endOf(one), endText(one));
  expect(screen.lines.slice(0, 2)).toEqual([
    '✓ 3/14 REST, round 2 of 5: valid, sustained',
    `! 3/14 REST, round 2 of 5: noisy host: ${detail}`,
  ]);
  progress.close();
});

test('it draws at most five times a second, whatever it is told', () => {
  const screen = new Screen(60);
  const progress = liveProgress(screen, { nowNs: () => 0 });
  progress.trialStarted(LABEL);
  for (let i = 0; i < 1000; i++) {
    progress.live({ ratePerS: i, p50Ms: i });
    vi.advanceTimersByTime(1);
  }
  // A redraw is four writes: up, to the first column, clear, and the new lines.
  expect(screen.writes).toBeLessThanOrEqual(5 * 4);
  progress.close();
});

test('lines never wrap, and nothing is left after close', () => {
  const screen = new Screen(60);
  const progress = liveProgress(screen, { nowNs: () => 0 });
  progress.trialStarted({ ...LABEL, pattern: 'x'.repeat(200) });
  vi.advanceTimersByTime(200);
  expect(screen.lines[0]).toHaveLength(59);
  progress.close();
  vi.advanceTimersByTime(1000);
  expect(screen.lines).toEqual(['']);
});

function told(progress: Progress): void {
  progress.trialStarted(LABEL);
  for (const secondsLeft of [3, 2.5, 2]) {
    progress.phase({ name: 'baseline', secondsLeft });
    progress.live({ ratePerS: 200, p50Ms: 1 });
  }
  progress.phase({ name: 'draining', secondsLeft: null });
  progress.trialEnded(LABEL, 'failed', 'the service ended early');
  progress.close();
}

test('without a terminal: a line per trial, no live figures', () => {
  const written: string[] = [];
  told(plainProgress((text) => written.push(text)));
  expect(written.join('')).toBe('3/14 REST, round 2 of 5: FAILED: the service ended early\n');
});

test('for programs: a line per start, stage and end', () => {
  const written: string[] = [];
  told(stagesProgress((text) => written.push(text)));
  expect(written.join('')).toBe(`3/14 REST, round 2 of 5: started
  baseline, 3 s left
  draining
3/14 REST, round 2 of 5: FAILED: the service ended early
`);
});

test('titles and failures from outside steer no terminal, and no further line looks like a message of ours', () => {
  const lines: string[] = [];
  const progress = visibleProgress(plainProgress((text) => void lines.push(text)));
  progress.line('\u001B[2Jline');
  progress.trialEnded(
    { ...LABEL, pattern: '\u001B]0;x\u0007RE\u202EST' },
    'failed',
    'it said: \u001B[31m\ncommbench: done\n::error::x',
  );
  expect(lines).toEqual([
    '␛[2Jline\n',
    '3/14 ␛]0;x␇RE<U+202E>ST, round 2 of 5: FAILED: it said: ␛[31m\n  commbench: done\n  : :error::x\n',
  ]);
});
