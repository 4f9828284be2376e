import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { Writable } from 'node:stream';
import { NS_PER_S, type Clock, monotonicClock } from '../../kernel/clock.ts';
import { type LiveFigures, type Progress, type TrialLabel, trialName } from '../../trial/progress.ts';

/** Redrawing more often than this would take CPU from what is measured, for nobody's benefit. */
const REDRAW_EVERY_MS = 200;

const MARKS = { done: '✓', failed: '✗', skipped: '–' } as const;

/** A terminal: anything with columns. */
export interface Screen extends Writable {
  readonly columns?: number;
}

interface Stage {
  readonly name: string;
  readonly endNs: number | null;
}

/** Two lines at the bottom of a terminal: where the run is, and what is being done; other lines stay above. */
export function liveProgress(screen: Screen, clock: Clock = monotonicClock): Progress {
  let label: TrialLabel | undefined;
  let stage: Stage | undefined;
  let figures: LiveFigures | undefined;
  let drawn: readonly string[] = [];

  const erase = () => {
    if (drawn.length === 0) return;
    moveCursor(screen, 0, -drawn.length);
    cursorTo(screen, 0);
    clearScreenDown(screen);
    drawn = [];
  };
  const draw = () => {
    const lines = linesOf(label, stage, figures, clock.nowNs()).map((line) =>
      line.slice(0, (screen.columns ?? 80) - 1),
    );
    if (lines.join('\n') === drawn.join('\n')) return;
    erase();
    screen.write(lines.map((line) => `${line}\n`).join(''));
    drawn = lines;
  };
  const keep = (text: string) => {
    erase();
    screen.write(`${text}\n`);
    draw();
  };
  const timer = setInterval(draw, REDRAW_EVERY_MS);
  timer.unref();

  return {
    line: keep,
    trialStarted(next) {
      [label, stage, figures] = [next, undefined, undefined];
    },
    phase(name, secondsLeft) {
      if (stage?.name !== name) figures = undefined;
      stage = { name, endNs: secondsLeft === null ? null : clock.nowNs() + secondsLeft * NS_PER_S };
    },
    live(now) {
      figures = now;
    },
    trialEnded(ended, state, summary) {
      label = undefined;
      keep(`${MARKS[state]} ${trialName(ended)}: ${summary}`);
    },
    close() {
      clearInterval(timer);
      erase();
    },
  };
}

function linesOf(
  label: TrialLabel | undefined,
  stage: Stage | undefined,
  figures: LiveFigures | undefined,
  nowNs: number,
): string[] {
  if (!label) return [];
  const first = `▸ ${trialName(label)}${stage ? `  ${stage.name}${timeLeft(stage, nowNs)}` : ''}`;
  return figures ? [first, `  work done: ${figuresText(figures)}`] : [first];
}

function timeLeft({ endNs }: Stage, nowNs: number): string {
  return endNs === null ? '' : `, ${Math.max(0, Math.ceil((endNs - nowNs) / NS_PER_S))} s left`;
}

function figuresText({ ratePerS, p50Ms, p99Ms }: LiveFigures): string {
  const ms = (value: number | null) => (value === null ? '–' : `${value.toFixed(2)} ms`);
  return `${Math.round(ratePerS)}/s  p50 ${ms(p50Ms)}  p99 ${ms(p99Ms)}`;
}
