import type { Analysis } from '../../analysis/analysis.ts';
import { type RunStatement, runStatements } from '../../analysis/findings/statements/run.ts';
import { INTERVALS_BEYOND, SAMPLES_BEYOND } from '../../measure/figures/percentile.ts';
import { worded } from '../template.ts';
import { CHOICE_TEXTS } from './choice.ts';
import { faultTexts } from './faults.ts';
import { OUTAGE_TEXTS } from './outage.ts';
import { STEADY_TEXTS } from './steady.ts';
import { STREAM_TEXTS } from './streams.ts';

/** What was found, one sentence each; the headline first. */
export function runSentences(analysis: Analysis): string[] {
  const text = worded<RunStatement>({
    ...faultTexts(analysis.result.scenario),
    ...CHOICE_TEXTS,
    ...OUTAGE_TEXTS,
    ...STEADY_TEXTS,
    ...STREAM_TEXTS,
    'none-valid': () => 'No result: no trial is valid. The warnings give the reason and the remedy.',
    'too-few-calls': () =>
      `No result: too few calls. A percentile needs at least ${SAMPLES_BEYOND} samples beyond it, from at least ${INTERVALS_BEYOND} separate 100 ms intervals.`,
    'only-noop': () => 'No result: only the no-op baseline was finished.',
    'nothing-finished': () => 'No result: no trial was finished.',
  });
  return runStatements(analysis).map(text);
}
