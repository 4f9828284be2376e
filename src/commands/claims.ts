import { Command, Option } from 'commander';
import { assess, type ClaimSource } from '../analysis/claims/assess.ts';
import { rulesView, verdictsView } from '../report/claims/claims-view.ts';
import { readRun } from '../experiments/read-record.ts';
import { CLAIMS } from './all-claims.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { addOptions } from './options/options.ts';
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
  const command = new Command('claims').argument(
    '[files...]',
    `result files (default: those in ${RESULTS_FOLDER}/)`,
  );
  const rules = new Option('--rules', 'list testable claims with scenario and rule; reads no result');
  return addOptions(command, rules, 'format', 'report', 'full')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
    .action((files: readonly string[], wanted: Wanted) => claims(context, files, wanted));
}

async function claims(context: Context, files: readonly string[], wanted: Wanted): Promise<void> {
  // The whole report includes rule and figures.
  const print = await openPrinter(context, { ...wanted, explain: wanted.full ?? false });
  const sources = wanted.rules ? [] : await sourcesOf(files);
  print(sources.length === 0 ? rulesView(CLAIMS) : verdictsView(assess(CLAIMS, sources)));
}

/** @throws CommbenchError bad-result-file: also where a file in the folder is damaged */
async function sourcesOf(files: readonly string[]): Promise<ClaimSource[]> {
  const found = files.length > 0 ? files : newestResultsIn(RESULTS_FOLDER);
  return Promise.all(found.map(async (file) => ({ file, result: await readRun(file) })));
}
