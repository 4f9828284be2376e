import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { Writable } from 'node:stream';
import { NS_PER_S, type Clock, monotonicClock } from '../../kernel/clock.ts';
import {
  type LiveFigures,
  type Progress,
  type TrialEnd,
  type TrialLabel,
  trialLabelText,
  type TrialStage,
} from '../../trial/progress.ts';
import { createRunClock } from './run-clock.ts';

/** Redrawing more often than this would take CPU from what is measured, for nobody's benefit. */
const REDRAW_EVERY_MS = 200;

/** A tick stands beside a trial that may be used, and nowhere else. */
const MARKS: Readonly<Record<TrialEnd, string>> = { done: '✓', unusable: '!', failed: '✗', skipped: '–' };

/** A terminal: anything with columns. */
export interface LiveTerminal extends Writable {
  readonly columns?: number;
}

interface Stage {
  readonly name: string;
  readonly endNs: number | null;
  readonly fault: string | undefined;
}

/** One line at the bottom of a terminal: where the run is, and what is being done; other lines stay above. */
export function liveProgress(terminal: LiveTerminal, clock: Clock = monotonicClock): Progress {
  const run = createRunClock(clock);
  let label: TrialLabel | undefined;
  let stage: Stage | undefined;
  let figures: LiveFigures | undefined;
  let drawn = '';
  const ends: TrialEnd[] = [];

  const erase = () => {
    if (drawn === '') return;
    moveCursor(terminal, 0, -1);
    cursorTo(terminal, 0);
    clearScreenDown(terminal);
    drawn = '';
  };
  const draw = () => {
    // The terminal takes nothing (Ctrl-S): more lines would only wait in memory.
    if (terminal.writableNeedDrain) return;
    const parts = label ? partsOf(label, stage, figures, clock.nowNs()) : undefined;
    const line = parts
      ? fitted({ ...parts, found: foundText(ends), run: run.text() }, (terminal.columns ?? 80) - 1)
      : '';
    if (line === drawn) return;
    erase();
    if (line !== '') terminal.write(`${line}\n`);
    drawn = line;
  };
  const keep = (text: string) => {
    erase();
    terminal.write(`${text}\n`);
    draw();
  };
  const timer = setInterval(draw, REDRAW_EVERY_MS);
  timer.unref();

  return {
    line: keep,
    trialStarted(next) {
      [label, stage, figures] = [next, undefined, undefined];
      run.trialStarted(next.runSecondsLeft);
    },
    phase(now) {
      if (stage?.name !== now.name) figures = undefined;
      stage = stageOf(now, clock.nowNs());
    },
    live(now) {
      figures = now;
    },
    trialEnded(ended, end, summary) {
      label = undefined;
      ends.push(end);
      keep(`${MARKS[end]} ${trialLabelText(ended)}: ${summary}`);
    },
    close() {
      clearInterval(timer);
      erase();
    },
  };
}

function stageOf({ name, secondsLeft, fault }: TrialStage, nowNs: number): Stage {
  return { name, endNs: secondsLeft === null ? null : nowNs + secondsLeft * NS_PER_S, fault };
}

interface Parts {
  readonly trial: string;
  readonly stage?: string;
  readonly stageLeft?: string;
  readonly figures?: string;
}

function partsOf(
  label: TrialLabel,
  stage: Stage | undefined,
  figures: LiveFigures | undefined,
  nowNs: number,
): Parts {
  return {
    trial: `▸ ${trialLabelText(label)}`,
    ...(stage ? { stage: stage.fault ?? stage.name } : {}),
    ...(stage?.endNs ? { stageLeft: `${Math.max(0, Math.ceil((stage.endNs - nowNs) / NS_PER_S))} s` } : {}),
    ...(figures ? { figures: figuresText(figures) } : {}),
  };
}

function figuresText({ ratePerS, p50Ms }: LiveFigures): string {
  const p50 = p50Ms === null ? '–' : `${p50Ms.toFixed(2)} ms`;
  return `completed ${Math.round(ratePerS)}/s, p50 ${p50}`;
}

/** What was found so far that a person would want to know before the end: `1 not valid, 2 failed`. */
function foundText(ends: readonly TrialEnd[]): string {
  const count = (wanted: TrialEnd) => ends.filter((end) => end === wanted).length;
  const [unusable, failed] = [count('unusable'), count('failed')];
  return [unusable > 0 && `${unusable} not valid`, failed > 0 && `${failed} failed`]
    .filter(Boolean)
    .join(', ');
}

/** The longest line that fits; it never wraps. */
function fitted(
  { trial, stage, stageLeft, figures, found, run }: Parts & { readonly found: string; readonly run: string },
  width: number,
): string {
  const stageWhole = [stage, stageLeft].filter((part) => part !== undefined).join(', ');
  const tries = [
    [trial, stageWhole, figures, found, run],
    [trial, stage, figures, run],
    [trial, stage, found, run],
    [trial, stage, run],
    [trial, stage],
  ];
  const lines = tries.map((parts) => parts.filter((part) => part !== undefined && part !== '').join(' · '));
  return (lines.find((line) => line.length <= width) ?? lines.at(-1)!).slice(0, width);
}
