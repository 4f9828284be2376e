import { compareResults } from '../analysis/compare/compare.ts';
import type { Comparison, NamedResult } from '../analysis/compare/comparison.ts';
import { checkTargets } from '../commands/options/check-targets.ts';
import { MAX_MARGIN } from '../commands/options/options.ts';
import { conditionsOf, recordedOptions } from '../commands/options/measuring-options.ts';
import { checkVariants, loadAsked } from '../commands/options/patterns.ts';
import { RESULTS_FOLDER, timeStamp } from '../commands/options/result-files.ts';
import { loadExperiment } from '../experiments/discover.ts';
import { runDesign } from '../experiments/loop/run-design.ts';
import { readRecord, readRun } from '../experiments/read-record.ts';
import { runDesignOf } from '../experiments/run/design.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { visible } from '../kernel/foreign/visible.ts';
import type { ExperimentRecord, Result } from '../record/record.ts';
import { prepareResultFile, takeResultFile } from '../record/store.ts';
import { comparisonView } from '../report/comparison/comparison-view.ts';
import type { Report } from '../report/report.ts';
import type { Reporter, Surface } from '../report/reporter.ts';
import { loadReporter } from '../report/reporters.ts';
import type { Scenario } from '../scenario/schema/schema.ts';
import { type Progress, silentProgress, trialLabelText } from '../trial/progress.ts';
import { scenarioFile } from './scenario-file.ts';

/** `import { run, compare, report } from 'commbench'` (docs/other-tools.md). Every error for users has a `code`. */

/** The record of a run, as its result file holds it. */
export type RunResult = Result;
export type RunComparison = Comparison;
/** What a format of your own exports as default. */
export type ReportFunction = Reporter;
export type ReportModel = Report;
export type RunError = CommbenchError;

export interface RunSettings {
  /** Values of the scenario to replace, by their paths: `{ 'load.ratePerS': 500, rounds: 3 }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Ids of patterns and variants; absent: all. */
  readonly patterns?: readonly string[];
  readonly variants?: readonly string[];
  readonly seed?: number;
  /** URLs to drive in place of the built-in service, by pattern. */
  readonly targets?: Readonly<Record<string, string>>;
  /** URLs of brokers to use, by their names; none: patterns that need one are not run. */
  readonly brokers?: Readonly<Record<string, string>> | 'none';
  /** Hosts besides this machine that may get load. */
  readonly allowRemote?: readonly string[];
  /** Load-generator processes. */
  readonly generators?: number;
  /** A longer plan is refused. */
  readonly maxTimeMs?: number;
  /** The result file; absent: in results/, named by scenario and time. */
  readonly out?: string;
  /** Ends the run; what was finished is in the file. */
  readonly signal?: AbortSignal;
  /** Called with a line for each finished trial, and for what else a person should know. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Measures a scenario, as `commbench run` does.
 * @param scenario a name, a file, or a scenario as a value
 * @throws CommbenchError
 */
export async function run(scenario: string | object, settings: RunSettings = {}): Promise<RunResult> {
  const { patterns, variants, targets = {}, signal = new AbortController().signal } = settings;
  const loaded = await loadedScenario(scenario, settings);
  checkVariants(loaded, variants ?? [], 'variants');
  await checkTargets(loaded, patterns, targets);
  const conditions = await conditionsIn(settings);
  using taken =
    settings.out === undefined ? takeResultFile(RESULTS_FOLDER, `${loaded.name}-${timeStamp()}`) : undefined;
  const outPath = taken?.file ?? settings.out!;
  prepareResultFile(outPath);
  const plan = { ...conditions, scenario: loaded, patterns, variants, targets, preview: false };
  const options = {
    ...recordedOptions(conditions, { patterns, target: targets }),
    variants: variants ?? null,
  };
  const design = await runDesignOf(plan);
  const all = { ...conditions, outPath, isSilent: true, options: { ...options, strict: false } };
  return await runDesign(design, all, { progress: progressFor(settings.onProgress), signal });
}

async function loadedScenario(
  scenario: string | object,
  { set = {}, patterns }: RunSettings,
): Promise<Scenario> {
  using file = scenarioFile(scenario);
  const overrides = Object.entries(set).map(([at, value]) => ({ origin: `set ${at}`, path: at, value }));
  return await loadAsked(file.path, overrides, { patterns });
}

function conditionsIn({ seed, generators, maxTimeMs, brokers = {}, allowRemote }: RunSettings) {
  return conditionsOf(process.env, {
    seed,
    ...(brokers === 'none'
      ? { skipBrokers: true }
      : { broker: Object.entries(brokers).map(([name, url]) => `${name}=${url}`) }),
    ...(generators === undefined ? {} : { generators }),
    ...(maxTimeMs === undefined ? {} : { maxTime: maxTimeMs }),
    ...(allowRemote ? { allowRemote } : {}),
  });
}

function progressFor(write: RunSettings['onProgress']): Progress {
  if (!write) return silentProgress;
  return {
    ...silentProgress,
    line: (text) => write(visible(text)),
    trialEnded: (label, _end, summary) => write(visible(`${trialLabelText(label)}: ${summary}`)),
  };
}

export interface CompareSettings {
  /** The smallest change that counts, as a share; default 0.05. */
  readonly margin?: number;
  /** Differences that are intended, by their names in the report. */
  readonly declare?: readonly string[];
}

/**
 * Compares a candidate with a baseline, as `commbench compare` does.
 * @param baseline a result, a result file, or one arm of `ab` (`FILE#a`), or several of these
 * @throws CommbenchError
 */
export async function compare(
  baseline: ResultsToCompare,
  candidate: ResultsToCompare,
  { margin = 0.05, declare = [] }: CompareSettings = {},
): Promise<RunComparison> {
  if (!(margin > 0 && margin <= MAX_MARGIN)) {
    throw new CommbenchError(
      'bad-option',
      `Expected a margin above 0 and at most ${MAX_MARGIN}, found ${margin}`,
    );
  }
  const [a, b] = [await namedResults(baseline, 'baseline'), await namedResults(candidate, 'candidate')];
  return compareResults(a, b, { margin, declared: declare });
}

type ResultToCompare = string | RunResult;
export type ResultsToCompare = ResultToCompare | readonly ResultToCompare[];

function namedResults(results: ResultsToCompare, name: string): Promise<NamedResult[]> {
  const all = Array.isArray(results) ? (results as readonly ResultToCompare[]) : [results as ResultToCompare];
  return Promise.all(
    all.map(async (result) =>
      typeof result === 'string' ? { file: result, result: await readRun(result) } : { file: name, result },
    ),
  );
}

export interface ReportSettings {
  /** A format's name, or a path or package of your own; default `table`. */
  readonly format?: string;
  /** Columns; default 120. */
  readonly width?: number;
  readonly full?: boolean;
  readonly explain?: boolean;
}

/**
 * The report of a result in any format, as `commbench report` prints it.
 * @param of a result, a result file of any experiment, or a comparison
 * @throws CommbenchError
 */
export async function report(
  of: string | ExperimentRecord | RunComparison,
  { format = 'table', width = 120, full = false, explain = false }: ReportSettings = {},
): Promise<string> {
  const surface: Surface = {
    width,
    height: 40,
    color: false,
    program: 'commbench',
    full: full || explain,
    explain,
  };
  const reporter = await loadReporter(format);
  return reporter(await reportModel(of), surface);
}

async function reportModel(of: string | ExperimentRecord | RunComparison): Promise<Report> {
  if (typeof of === 'string') {
    const { record, kind } = await readRecord(of);
    return kind.view(record, of);
  }
  if (!('experiment' in of)) return comparisonView(of);
  const kind = await (await loadExperiment(of.experiment)).record?.();
  if (kind) return kind.view(of, null);
  throw new CommbenchError('bad-option', `commbench ${of.experiment} has no report`);
}
