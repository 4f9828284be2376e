import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError, systemCode, unreadableText } from '../../kernel/errors.ts';
import { beginningOfFile } from '../../platform/beginning-of-file.ts';
import type { ExperimentRecord } from '../../record/record.ts';
import { readStored } from '../../record/store.ts';

/** What a list shows of a stored result. */
export interface ResultHead {
  readonly file: string;
  readonly bytes: number;
  /** Last change of the file, in ms since the epoch. */
  readonly changedMs: number;
  readonly scenario: string;
  readonly experiment: string;
  readonly startedAt: string;
  readonly state: string;
  readonly patterns: number;
  readonly trials: number;
  readonly validTrials: number;
}

/** A file of commbench that this version cannot read. */
export interface UnreadableResult {
  readonly file: string;
  readonly problem: string;
}

export interface ResultsFound {
  /** The newest first. */
  readonly heads: readonly ResultHead[];
  readonly unreadable: readonly UnreadableResult[];
}

/** Every result in a folder; other files are ignored. @throws CommbenchError bad-result-file: no such folder */
export function resultHeads(folder: string): ResultsFound {
  const heads: ResultHead[] = [];
  const unreadable: UnreadableResult[] = [];
  for (const file of filesOf(folder)) {
    if (!isOurs(file)) continue;
    try {
      heads.push(headOf(file));
    } catch (error) {
      if (!(error instanceof CommbenchError)) throw error;
      unreadable.push({ file, problem: error.message });
    }
  }
  return { heads: heads.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt, 'en')), unreadable };
}

function filesOf(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /^[^.].*\.json$/.test(entry.name))
      .map(({ name }) => path.join(folder, name));
  } catch (error) {
    throw new CommbenchError('bad-result-file', unreadableText(folder, error), {
      hint: 'Results are written by `commbench run`, by default to results/.',
    });
  }
}

/** Its first lines say so: a folder may hold anything. */
function isOurs(file: string): boolean {
  try {
    return beginningOfFile(file).includes('"commbench-result"');
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return false;
  }
}

/** Not validated: a list of many files would take long, and `report` does it. */
function headOf(file: string): ResultHead {
  const { value, experiment } = readStored(file);
  const { scenario, startedAt, state, patterns, trials } = value as Partial<ExperimentRecord>;
  const { size, mtimeMs } = statSync(file);
  const all = Array.isArray(trials) ? trials : [];
  return {
    file,
    bytes: size,
    changedMs: mtimeMs,
    scenario: String(scenario?.name),
    experiment,
    startedAt: String(startedAt),
    state: String(state),
    patterns: Array.isArray(patterns) ? patterns.length : 0,
    trials: all.length,
    validTrials: all.filter((trial) => trial?.validity?.verdict === 'valid').length,
  };
}
