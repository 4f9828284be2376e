import { Command } from 'commander';
import { escapedJson, visible } from '../../kernel/foreign/visible.ts';
import { formatBytes, plural } from '../../report/format.ts';
import { helpAfter } from '../options/help.ts';
import { RESULTS_FOLDER } from '../options/result-files.ts';
import type { Context } from '../terminal/context.ts';
import { resultHeads, type ResultHead } from './heads.ts';
import type { ResultsSubcommand } from './subcommand.ts';

const EXAMPLES = ['commbench results list', 'commbench results list nightly --json'];

export const definition: ResultsSubcommand = {
  name: 'list',
  create: (context) =>
    new Command('list')
      .description('list the results in a folder, the newest first')
      .argument('[folder]', 'a folder of result files', RESULTS_FOLDER)
      .option('--json', 'print JSON, for programs')
      .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput']))
      .action((folder: string, { json }: { json?: true }) => listResults(context, folder, json ?? false)),
};

function listResults({ stdout, stderr }: Context, folder: string, isJson: boolean): void {
  const found = resultHeads(folder);
  if (isJson) return void stdout.write(`${escapedJson(found)}\n`);
  const { heads, unreadable } = found;
  if (heads.length === 0) stdout.write(`${visible(folder)} has no results.\n`);
  else stdout.write(tableText(heads));
  for (const { problem } of unreadable) stderr.write(`commbench: ${visible(problem)}\n`);
}

const TITLES = ['started', 'command', 'scenario', 'state', 'valid trials', 'size', 'file'] as const;

function tableText(heads: readonly ResultHead[]): string {
  const rows = [TITLES, ...heads.map(cellsOf)].map((cells) => cells.map(visible));
  const widths = TITLES.map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)));
  const lines = rows.map((cells) => cells.map((text, i) => text.padEnd(widths[i]!)).join('  ').trimEnd());
  return `${lines.join('\n')}\n${plural(heads.length, 'result')}\n`;
}

function cellsOf(head: ResultHead): string[] {
  const { startedAt, experiment, scenario, state, trials, validTrials, bytes, file } = head;
  const started = startedAt.replace('T', ' ').replace(/\.\d+Z$/, '');
  return [started, experiment, scenario, state, `${validTrials} of ${trials}`, formatBytes(bytes), file];
}
