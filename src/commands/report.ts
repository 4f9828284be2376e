import { Command, Option } from 'commander';
import { readRecord } from '../experiments/read-record.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { openInBrowser } from '../platform/process/open-in-browser.ts';
import { severalView } from '../report/several/several-view.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { addOptions } from './options/options.ts';
import { carriedFiles, pageBeside } from './options/result-files.ts';
import { openPrinter, type Shown } from './terminal/printer.ts';

const EXAMPLES = [
  'commbench report results/rest-vs-queue-20261102T100000.json',
  'commbench report result.json --explain',
  'commbench report result.json --open',
  'commbench report before.json after.json --format html --out both.html',
  'commbench report result.json --format markdown > report.md',
  'commbench report result.json --report csv=figures.csv --report junit=commbench.xml',
  'commbench report result.json --report hgrm=percentiles/ --report otlp=http://127.0.0.1:4318/v1/metrics',
];

interface ReportOptions extends Shown {
  readonly out?: string;
  readonly open?: true;
}

export function reportCommand(context: Context): Command {
  const command = new Command('report').argument('<files...>', 'a result file, or several for one report');
  const out = new Option('--out <file>', 'write the report to a file instead');
  const open = new Option('--open', 'write a page (HTML) beside the result, or to --out, and open it');
  return addOptions(command, out, open, 'format', 'report', 'full', 'explain')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
    .action((files: string[], options: ReportOptions) => report(context, files, options));
}

async function report(context: Context, files: readonly string[], options: ReportOptions): Promise<void> {
  const { open = false, ...shown } = options;
  const out = options.out ?? (open ? pageBeside(files[0]!) : undefined);
  const print = await openPrinter(context, open ? asPage(shown) : shown, out);
  const read = await Promise.all(files.map(async (file) => ({ file, ...(await readRecord(file)) })));
  const [first, ...more] = read.map(({ file, record, kind }) => ({
    file,
    report: kind.view(record, file),
    result: kind.resultOf?.(record) ?? null,
  }));
  print(more.length === 0 ? first!.report : severalView([first!, ...more]), carriedFiles(files));
  if (out !== undefined && open && !(await openInBrowser(out))) {
    context.stderr.write(`No browser could be started: open ${out}\n`);
  }
}

/** @throws CommbenchError bad-option */
function asPage(shown: Shown): Shown {
  if (shown.format === 'html' || shown.format === 'table') return { ...shown, format: 'html' };
  throw new CommbenchError(
    'bad-option',
    `--open cannot be used with --format ${shown.format}: it opens a page`,
    {
      hint: 'Omit one of both.',
    },
  );
}
