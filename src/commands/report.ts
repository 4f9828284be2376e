import { Command } from 'commander';
import { readRecord } from '../experiments/read-record.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { addOptions } from './options/options.ts';
import { openPrinter, type Shown } from './terminal/printer.ts';

const EXAMPLES = [
  'commbench report results/rest-vs-queue-20261102T100000.json',
  'commbench report result.json --explain',
  'commbench report result.json --format markdown > report.md',
  'commbench report result.json --report csv=figures.csv --report junit=commbench.xml',
  'commbench report result.json --report hgrm=percentiles/ --report otlp=http://127.0.0.1:4318/v1/metrics',
];

export function reportCommand(context: Context): Command {
  const command = new Command('report').argument('<file>', 'a result file');
  return addOptions(command, 'format', 'report', 'full', 'explain')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
    .action(async (file: string, shown: Shown) => {
      const print = await openPrinter(context, shown);
      const { record, kind } = await readRecord(file);
      print(kind.view(record, file));
    });
}
