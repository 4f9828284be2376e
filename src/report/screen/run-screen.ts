import type { Analysis } from '../../analysis/analysis.ts';
import type { Finding } from '../../analysis/finding.ts';
import type { Result } from '../../record/record.ts';
import type { Section, Warning } from '../view.ts';
import { moreOf } from './more.ts';
import { resultNames } from './names.ts';
import { nothingMeasured } from './nothing.ts';
import { runLine } from './run-line.ts';
import { scopeText } from './scope.ts';
import type { Screen } from './screen.ts';
import { faultsTable } from './tables/faults.ts';
import { LATE_MARK, LATE_NOTE } from './tables/figures.ts';
import { guidesTable } from './tables/guides.ts';
import { latencyTable } from './tables/latency.ts';
import { statusNotes, targetsTable } from './tables/targets.ts';
import { thresholdNotes, thresholdSentence } from './thresholds.ts';
import { validityText } from './validity.ts';
import { screenWarnings } from './warnings.ts';
import { sentencesOf } from './words/sentences.ts';

interface ScreenContext {
  readonly warnings: readonly Warning[];
  readonly file: string | null;
}

/** The screen of a run: one table for what its scenario asks. */
export function runScreen(analysis: Analysis, found: readonly Finding[], shown: ScreenContext): Screen {
  return nothingScreen(analysis, shown) ?? measuredScreen(analysis, found, shown);
}

/** Where nothing was measured, the reason and what to do; no table of dashes. */
function nothingScreen({ result, patterns }: Analysis, { file }: ScreenContext): Screen | undefined {
  const nothing = nothingMeasured(result, patterns);
  if (!nothing) return undefined;
  return {
    run: runLine(result),
    tables: [],
    chart: null,
    notes: [],
    warnings: [],
    findings: [`No results: ${nothing.text}.`, nothing.hint],
    scope: null,
    validity: null,
    more: moreOf(file),
  };
}

function measuredScreen(
  analysis: Analysis,
  found: readonly Finding[],
  { warnings, file }: ScreenContext,
): Screen {
  const { result, thresholds } = analysis;
  const table = mainTable(analysis);
  return {
    run: runLine(result),
    tables: [table],
    chart: null,
    notes: [
      ...(isOfTargets(result) ? statusNotes(result) : []),
      ...thresholdNotes(thresholds),
      ...(hasLateMark(table) ? [LATE_NOTE] : []),
    ],
    warnings: screenWarnings(warnings),
    findings: [...thresholdSentence(thresholds), ...sentencesOf(found, resultNames(result))],
    scope: found.some(isRecommending) ? scopeText(result) : null,
    validity: validityText(found.find(({ code }) => code === 'validity')),
    more: moreOf(file),
  };
}

/** A finding by which somebody may choose. */
function isRecommending({ code, verdict }: Finding): boolean {
  return (code === 'fastest-response' || code === 'completion-order') && verdict !== 'no-recommendation';
}

function mainTable({ result, faults, words }: Analysis): Section {
  if (faults.length > 0) return faultsTable(faults, result.scenario);
  if (words.length > 0) return guidesTable(result, words);
  return isOfTargets(result) ? targetsTable(result) : latencyTable(result);
}

/** Servers of the user's own alone. */
function isOfTargets({ patterns }: Result): boolean {
  return patterns.length > 0 && patterns.every(({ target }) => target !== null);
}

function hasLateMark({ rows }: Section): boolean {
  return rows.some(({ cells }) => cells.some(({ marks }) => marks.includes(LATE_MARK)));
}
