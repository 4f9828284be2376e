import { Command, Option } from 'commander';
import { assess, type ClaimSource } from '../analysis/claims/assess.ts';
import { CLAIMS } from '../analysis/claims/claims.ts';
import { rulesView, verdictsView } from '../report/claims/claims-view.ts';
import { readRun } from '../experiments/read-record.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { formatOption, fullOption } from './options/options.ts';
import { openPrinter, type Shown } from './terminal/printer.ts';
import { newestResultsIn, RESULTS_FOLDER } from './options/result-files.ts';

const EXAMPLES = [
  'commbench claims --rules',
  'commbench run circuit-breaker --all && commbench claims',
  'commbench claims results/cascade-20261102T100000.json --format markdown > claims.md',
];

interface Wanted extends Shown {
  readonly rules?: true;
}

export function claimsCommand(context: Context): Command {
  return new Command('claims')
    .argument('[files...]', `result files (default: those in ${RESULTS_FOLDER}/)`)
    .addOption(new Option('--rules', 'list testable claims with scenario and rule; reads no result'))
    .addOption(formatOption())
    .addOption(fullOption())
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput']))
    .action((files: readonly string[], wanted: Wanted) => claims(context, files, wanted));
}

async function claims(context: Context, files: readonly string[], wanted: Wanted): Promise<void> {
  // Rule and figures are what whoever asks for the whole of it wants.
  const print = await openPrinter(context, { ...wanted, explain: wanted.full ?? false });
  const sources = wanted.rules ? [] : await sourcesOf(files);
  print(sources.length === 0 ? rulesView(CLAIMS) : verdictsView(assess(CLAIMS, sources)));
}

/** @throws CommbenchError bad-result-file: also where a file in the folder is damaged */
async function sourcesOf(files: readonly string[]): Promise<ClaimSource[]> {
  const found = files.length > 0 ? files : newestResultsIn(RESULTS_FOLDER);
  return Promise.all(found.map(async (file) => ({ file, result: await readRun(file) })));
}
