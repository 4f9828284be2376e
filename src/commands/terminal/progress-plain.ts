import { type Progress, type TrialEnd, trialLabelText } from '../../trial/progress.ts';

const MARKS: Readonly<Record<TrialEnd, string>> = {
  done: '',
  unusable: 'NOT VALID: ',
  failed: 'FAILED: ',
  skipped: 'not run: ',
};

/** Without a terminal: a line per trial, when it is over. Nothing moves, so live figures are excluded. */
export function plainProgress(write: (text: string) => void): Progress {
  return {
    line: (text) => write(`${text}\n`),
    trialStarted() {},
    phase() {},
    live() {},
    trialEnded: (label, end, summary) => write(`${trialLabelText(label)}: ${MARKS[end]}${summary}\n`),
    close() {},
  };
}

/** The same with a line per trial's start and stage, for programs that act at one of them. */
export function stagesProgress(write: (text: string) => void): Progress {
  let stage = '';
  return {
    ...plainProgress(write),
    trialStarted(label) {
      stage = '';
      write(`${trialLabelText(label)}: started\n`);
    },
    phase({ name, secondsLeft }) {
      if (name === stage) return;
      stage = name;
      write(`  ${name}${secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`}\n`);
    },
  };
}
