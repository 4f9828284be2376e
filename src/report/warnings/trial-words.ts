import type { Interrupted } from '../../analysis/warnings/interrupted.ts';
import type { MissingTrial } from '../../analysis/warnings/missing-trial.ts';
import type { PatternNotRun } from '../../analysis/warnings/not-run.ts';
import type { NotSteady } from '../../analysis/warnings/not-steady.ts';
import type { NotValid } from '../../analysis/warnings/not-valid.ts';
import { formatCount, plural } from '../format.ts';
import type { Templates } from '../template.ts';
import { trialList, trialRefText } from './trial-names.ts';
import type { WarningWords } from './words.ts';

type TrialWarning = Interrupted | PatternNotRun | MissingTrial | NotValid | NotSteady;

const UNKNOWN = 'no reason is known';

/**
 * Trials that are not there, or may not be used.
 * @param again how to run the same plan again
 */
export function trialWords(again: string): Templates<TrialWarning, WarningWords> {
  return {
    interrupted: ({ trials, planned }) => ({
      text: `The run ended early: ${formatCount(trials)} of ${plural(planned, 'trial')} are here.`,
      hint: again,
    }),
    'not-run': ({ title, reason, hint }) => ({
      text: `${title} was not run: ${reason ?? UNKNOWN}.`,
      hint: hint ?? '`commbench doctor` shows what is available.',
    }),
    'trial-failed': ({ title, trial, why }) => ({
      text: `${title}: ${trialRefText(trial)} failed: ${why ?? UNKNOWN}`,
      hint: `Its figures are excluded. ${again}`,
    }),
    'trial-skipped': (missing) => ({
      text: skippedText(missing),
      hint: 'The other trials of the pattern are as planned.',
    }),
    'not-ours': (missing) => ({
      text: skippedText(missing),
      hint: 'Only a broker that the run started itself is killed: run without --broker, and after `commbench down`.',
    }),
    incomplete: (invalid) => ({
      text: notValidText(invalid),
      hint: 'Run it again; if it stays, `commbench doctor` and the last output above tell more.',
    }),
    'generator-bound': (invalid) => ({
      text: notValidText(invalid),
      hint: 'Lower the load with --rate, or give the machine free cores.',
    }),
    disturbed: (invalid) => ({
      text: notValidText(invalid),
      hint: 'Close other programs, or use a quieter machine, and run again.',
    }),
    'not-steady': ({ title, trials, calls }) => ({
      text: `${title}: latencies were still changing after the warm-up of ${trialList(trials)}.`,
      hint: `Warm up longer: --set warmUp.calls=${calls}.`,
    }),
  };
}

function skippedText({ title, trial, why }: MissingTrial): string {
  return `${title}: ${trialRefText(trial)} was not run: ${why ?? UNKNOWN}.`;
}

function notValidText({ code, title, trials, detail }: NotValid): string {
  return `${title}: ${code} in ${trialList(trials)}: ${detail ?? code}.`;
}
