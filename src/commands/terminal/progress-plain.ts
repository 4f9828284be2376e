import { trialName, type Progress } from '../../trial/progress.ts';

const MARKS = { done: '', failed: 'FAILED: ', skipped: 'not run: ' } as const;

/** Without a terminal: a line per trial's start, stage and end. Nothing moves, so live figures are excluded. */
export function plainProgress(write: (text: string) => void): Progress {
  let stage = '';
  return {
    line: (text) => write(`${text}\n`),
    trialStarted(label) {
      stage = '';
      write(`${trialName(label)}: started\n`);
    },
    phase(name, secondsLeft) {
      if (name === stage) return;
      stage = name;
      write(`  ${name}${secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`}\n`);
    },
    live() {},
    trialEnded(label, state, summary) {
      write(`${trialName(label)}: ${MARKS[state]}${summary}\n`);
    },
    close() {},
  };
}
