import { windowsIn } from '../../analysis/distributions/windows.ts';
import { recordIn } from '../report.ts';
import type { Reporter } from '../reporter.ts';
import { csvLine } from '../text/csv-line.ts';

const HEADER =
  'trial round pattern variant case kind place phase subject figure from_ms to_ms value unit'.split(' ');

/** CSV: a line per trial, figure and window of time; for plots of how a measurement went. */
export const windows: Reporter = (report) => {
  const lines = windowsIn(recordIn(report, 'windows').trials).map((window) => {
    const { trial, labels, subject, figure, fromMs, toMs, value, unit } = window;
    const { pattern = '', variant = '', case: title = '', kind = '', phase = '', ...place } = labels;
    const placeText = Object.entries(place).map(([name, own]) => `${name}=${own}`);
    const of = [trial.id, trial.round, pattern, variant, title, kind, placeText.join(' '), phase];
    return [...of, subject ?? '', figure, fromMs, toMs, value, unit].map(String);
  });
  return [HEADER, ...lines].map(csvLine).join('');
};
