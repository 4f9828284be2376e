import path from 'node:path';
import {
  type ConditionOptions,
  conditionsOf,
  recordedOptions,
  type ScenarioOptions,
} from '../../commands/options/measuring-options.ts';
import { carriedFiles, RESULTS_FOLDER, timeStamp } from '../../commands/options/result-files.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { withMeasuring } from '../../commands/terminal/measuring.ts';
import { openPagePrinter } from '../../commands/terminal/page.ts';
import { openPrinter, type Printer, type Shown } from '../../commands/terminal/printer.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { ExperimentRecord } from '../../record/record.ts';
import { prepareResultFile, takeResultFile } from '../../record/store.ts';
import type { Report } from '../../report/report.ts';
import type { Design } from './design.ts';
import type { Conditions } from './run-design.ts';
import { openTraces, type TraceOptions } from './traces.ts';

/** Options of every command that runs a design. */
export interface MeasuringOptions
  extends ConditionOptions, Pick<ScenarioOptions, 'patterns' | 'target'>, Shown, TraceOptions {
  readonly out?: string | undefined;
  readonly quiet?: true;
}

/** A design, and how its command names, makes and shows it. */
export interface Conducted<D, P extends object> {
  /** Default name of the result file, without its time. */
  readonly name: string;
  /** Default folder of the result file: that of results. */
  readonly folder?: string | undefined;
  /** False: its file is in the cache, where nobody looks for a page. */
  readonly hasPage?: false;
  /** Further options for the record. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Called once signals are handled, as it may take a while. */
  readonly design: (conditions: Omit<Conditions, 'options'>) => Promise<Design<D, P>>;
  /** Prints the record, whatever ended the run. */
  readonly show: (record: ExperimentRecord<D, P>, file: string, print: Printer) => void;
}

/** @throws CommbenchError bad-option */
function refuseSameFile(outPath: string, { report = [] }: Shown): void {
  const same = report.find(({ file }) => path.resolve(file) === path.resolve(outPath));
  if (same)
    throw new CommbenchError('bad-option', `--report and --out name the same file: ${same.file}`, {
      hint: 'Choose another path for the report.',
    });
}

/**
 * Runs a design with signals and progress.
 * @returns the record; undefined where nothing was begun
 * @throws CommbenchError bad-option, cannot-write: before anything is started
 */
export async function conductDesign<D, P extends object>(
  context: Context,
  asked: MeasuringOptions,
  { name, folder = RESULTS_FOLDER, hasPage, options, design, show }: Conducted<D, P>,
): Promise<ExperimentRecord<D, P> | undefined> {
  const isSilent = asked.quiet ?? false;
  const measuring = await conditionsOf(context.env, asked);
  using taken = asked.out === undefined ? takeResultFile(folder, `${name}-${timeStamp()}`) : undefined;
  const outPath = taken?.file ?? asked.out!;
  prepareResultFile(outPath);
  refuseSameFile(outPath, asked);
  const print = await openPrinter(context, asked);
  const traces = await openTraces(context, asked);
  const conditions = { ...measuring, ...traces.condition, isSilent, outPath };
  const known: ExperimentRecord<D, P>[] = [];
  let page: Printer = () => undefined;
  const begun = (record: ExperimentRecord<D, P>) => void known.push(record);
  const all = {
    ...conditions,
    options: { ...recordedOptions(conditions, asked), ...traces.option, ...options },
  };
  /** The page last: its name is on the last line. */
  const showAll = (record: ExperimentRecord<D, P>) => {
    const shown: Report[] = [];
    const carried = carriedFiles([outPath]);
    show(record, outPath, (report) => {
      print(report, carried);
      shown.push(report);
    });
    const isSaved = record.finishedAt !== null;
    for (const report of isSaved ? shown : []) page(report, carried);
  };
  await withMeasuring(
    context,
    isSilent,
    async (watching) => {
      // Loaded here: everything before answers in an instant.
      if (hasPage ?? true) page = await openPagePrinter(context, outPath, isSilent);
      const { runDesign } = await import('./run-design.ts');
      await runDesign(await design(conditions), all, { ...watching, begun });
    },
    () => known.forEach(showAll),
  );
  await traces.send();
  return known[0];
}
