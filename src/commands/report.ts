import { Command } from 'commander';
import { type Format, FORMATS } from '../report/formats/reporters.ts';
import { readStored } from '../record/store.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { explainOption, formatOption } from './options/options.ts';
import { printReport } from './terminal/print-report.ts';

const EXAMPLES = [
  'commbench report results/rest-vs-queue-20261102T100000.json',
  'commbench report result.json --explain',
  'commbench report result.json --format markdown > report.md',
  'commbench report result.json --format csv > figures.csv',
];

export function reportCommand(context: Context): Command {
  return new Command('report')
    .argument('<file>', 'a result file')
    .addOption(formatOption(FORMATS))
    .addOption(explainOption())
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput']))
    .action((file: string, { format, explain }: { format: Format; explain?: true }) =>
      printReport(context, readStored(file), file, { format, explain: explain ?? false }),
    );
}
