import { Command, Option } from 'commander';
import { assess, type Source } from '../analysis/claims/assess.ts';
import { CLAIMS } from '../analysis/claims/claims.ts';
import { recordOf, rulesOf } from '../analysis/claims/claims-record.ts';
import { rulesView, verdictsView } from '../report/claims-view.ts';
import { type Format, reporters } from '../report/formats/reporters.ts';
import { readResult } from '../record/store.ts';
import { type Context, wantsColor, widthOf } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { formatOption } from './options/options.ts';
import { newestResultsIn, RESULTS_FOLDER } from './options/result-files.ts';

const EXAMPLES = [
  'commbench claims --rules',
  'commbench run circuit-breaker --all && commbench claims',
  'commbench claims results/cascade-20261102T100000.json --format markdown > claims.md',
];

interface Wanted {
  readonly format: Format;
  readonly rules?: true;
}

export function claimsCommand(context: Context): Command {
  return new Command('claims')
    .argument('[files...]', `result files (default: those in ${RESULTS_FOLDER}/)`)
    .addOption(
      new Option('--rules', 'what can be tested, by which scenario and rule; no result is looked at'),
    )
    .addOption(formatOption())
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput']))
    .action((files: readonly string[], wanted: Wanted) => claims(context, files, wanted));
}

function claims({ stdout, env }: Context, files: readonly string[], { format, rules }: Wanted): void {
  const surface = { width: widthOf(stdout, env), color: wantsColor(stdout, env), explain: true };
  const sources = rules ? [] : sourcesOf(files);
  const [view, record] = sources.length === 0 ? rulesOnly() : verdicts(sources);
  stdout.write(reporters[format](view, record, surface));
}

/** @throws CommbenchError bad-result-file: also where a file in the folder is damaged */
function sourcesOf(files: readonly string[]): Source[] {
  const found = files.length > 0 ? files : newestResultsIn(RESULTS_FOLDER);
  return found.map((file) => ({ file, result: readResult(file) }));
}

function rulesOnly() {
  return [rulesView(CLAIMS), rulesOf(CLAIMS)] as const;
}

function verdicts(sources: readonly Source[]) {
  const assessed = assess(CLAIMS, sources);
  return [verdictsView(assessed), recordOf(assessed)] as const;
}
