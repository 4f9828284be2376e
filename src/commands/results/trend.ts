import { Command, Option } from 'commander';
import { trendOfResults } from '../../analysis/trend/trend-of.ts';
import type { NamedResult } from '../../analysis/compare/comparison.ts';
import { readRun } from '../../experiments/read-record.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { trendView } from '../../report/trend/trend-view.ts';
import { helpAfter } from '../options/help.ts';
import { addOptions } from '../options/options.ts';
import { RESULTS_FOLDER, resultsIn } from '../options/result-files.ts';
import type { Context } from '../terminal/context.ts';
import { openPrinter, type Shown } from '../terminal/printer.ts';
import type { ResultsSubcommand } from './subcommand.ts';

const EXAMPLES = [
  'commbench results trend results/',
  'commbench results trend nightly/ --scenario rest-vs-queue --format html --out trend.html',
];

interface Wanted extends Shown {
  readonly scenario?: string;
  readonly out?: string;
}

export const definition: ResultsSubcommand = {
  name: 'trend',
  create(context) {
    const command = new Command('trend')
      .description('show the figures of a series of results over time, with change points')
      .argument('[folder]', 'a folder of result files', RESULTS_FOLDER);
    const scenario = new Option(
      '--scenario <name>',
      'results of this scenario (default: of which there are most)',
    );
    const out = new Option('--out <file>', 'write the report to a file instead');
    return addOptions(command, scenario, out, 'format', 'report', 'full', 'explain')
      .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
      .action((folder: string, wanted: Wanted) => showTrend(context, folder, wanted));
  },
};

async function showTrend(
  context: Context,
  folder: string,
  { scenario, out, ...shown }: Wanted,
): Promise<void> {
  const print = await openPrinter(context, shown, out);
  const all = await Promise.all(
    resultsIn(folder, 'run').map(async (file): Promise<NamedResult> => ({
      file,
      result: await readRun(file),
    })),
  );
  print(trendView(trendOfResults(chosen(all, folder, scenario)), folder));
}

/** Results of one scenario: of the one that is named, or of which there are most. @throws CommbenchError bad-option */
function chosen(all: readonly NamedResult[], folder: string, name: string | undefined): NamedResult[] {
  const byScenario = Map.groupBy(all, ({ result }) => result.scenario.name);
  const [most] = [...byScenario.keys()].toSorted(
    (a, b) => byScenario.get(b)!.length - byScenario.get(a)!.length,
  );
  const found = byScenario.get(name ?? most ?? '');
  if (found) return found;
  throw new CommbenchError(
    'bad-option',
    name === undefined
      ? `${folder} has no results of \`commbench run\``
      : `${folder} has no results of ${name}`,
    { hint: 'Results are written by `commbench run`, by default to results/.' },
  );
}
