import type { RunWarning } from '../../analysis/warnings/warnings.ts';
import { worded } from '../template.ts';
import type { Warning } from '../view.ts';
import { FAULT_WORDS } from './fault-words.ts';
import { PATTERN_WORDS } from './pattern-words.ts';
import { trialWords } from './trial-words.ts';
import type { WarningWords } from './words.ts';

/**
 * Each warning in words, with what helps.
 * @param file that holds the result; null: it is not stored
 */
export function warningTexts(warnings: readonly RunWarning[], file: string | null): Warning[] {
  const again = `\`commbench replay ${file ?? 'FILE'}\` runs the same plan again.`;
  const words = worded<RunWarning, WarningWords>({ ...trialWords(again), ...PATTERN_WORDS, ...FAULT_WORDS });
  return warnings.map((warning) => ({ code: warning.code, ...words(warning) }));
}
