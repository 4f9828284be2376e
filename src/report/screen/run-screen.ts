import type { Analysis } from '../../analysis/analysis.ts';
import type { Finding } from '../../analysis/finding.ts';
import type { Result } from '../../record/record.ts';
import type { Section } from '../view.ts';
import { moreOf } from './more.ts';
import { nothingMeasured } from './nothing.ts';
import { runLine } from './run-line.ts';
import { scopeText } from './scope.ts';
import { BARE, type Screen } from './screen.ts';
import { closedLoopsSection } from '../tables/closed-loops.ts';
import { contractSection } from '../tables/contract.ts';
import { alternativesTable } from '../tables/alternatives.ts';
import { referenceTitle } from '../reference-title.ts';
import { faultsTable } from './tables/faults.ts';
import { LATE_MARK, LATE_NOTE } from './tables/figures.ts';
import { guidesTable } from './tables/guides.ts';
import { latencyTable } from './tables/latency.ts';
import { regimesSection } from '../tables/regimes.ts';
import { connectionNotes, operationNotes, statusTable, targetsTable } from './tables/targets.ts';
import { thresholdNotes } from '../threshold-view.ts';
import { validityText } from '../findings/validity.ts';

/** The screen of a run: one table for what its scenario asks; none where nothing was measured. */
export function runScreen(analysis: Analysis, found: readonly Finding[], file: string | null): Screen {
  const { result, patterns } = analysis;
  const ends = { run: runLine(result), more: moreOf(file) };
  if (nothingMeasured(result, patterns)) return { ...BARE, ...ends, tables: [] };
  const table = mainTable(analysis);
  return {
    ...BARE,
    ...ends,
    tables: [table, ...(isOfTargets(result) ? statusTables(result) : [])],
    notes: [
      ...(isOfTargets(result) ? [...operationNotes(result), ...connectionNotes(result)] : []),
      ...thresholdNotes(analysis),
      ...(hasLateMark(table) ? [LATE_NOTE] : []),
    ],
    scope: found.some(isRecommending) ? scopeText(result) : null,
    validity: validityText(found.find(({ code }) => code === 'validity')),
  };
}

/** Findings by which somebody may choose. */
const RECOMMENDING: readonly string[] = ['fastest-response', 'completion-order', 'rating'];

function isRecommending({ code, verdict }: Finding): boolean {
  return RECOMMENDING.includes(code) && verdict !== 'no-recommendation';
}

function mainTable({ result, patterns, faults, contracts, families, words, regimes }: Analysis): Section {
  if (faults.length > 0) return faultsTable(faults, result.scenario);
  if (contracts.some(({ change }) => change !== null)) return contractSection(contracts, result.scenario);
  const alternatives = alternativesTable(families, referenceTitle(result));
  if (alternatives) return alternatives;
  if (words.length > 0) return guidesTable(result, words);
  if (isOfTargets(result)) return targetsTable(result);
  return closedLoopsSection(patterns) ?? regimesSection(regimes) ?? latencyTable(result);
}

/** Servers of the user's own alone. */
function isOfTargets({ patterns }: Result): boolean {
  return patterns.length > 0 && patterns.every(({ target }) => target !== null);
}

/** Without one where no trial without a fault was finished. */
function statusTables(result: Result): Section[] {
  const table = statusTable(result);
  return table.columns.length > 0 ? [table] : [];
}

function hasLateMark({ rows }: Section): boolean {
  return rows.some(({ cells }) => cells.some(({ marks }) => marks.includes(LATE_MARK)));
}
