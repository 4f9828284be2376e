import { rmSync } from 'node:fs';
import { Command, Option } from 'commander';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';
import { visible } from '../../kernel/foreign/visible.ts';
import { formatBytes, plural } from '../../report/format.ts';
import { helpAfter } from '../options/help.ts';
import { refuse, wholeFrom } from '../options/parsers.ts';
import { pageBeside, RESULTS_FOLDER } from '../options/result-files.ts';
import type { Context } from '../terminal/context.ts';
import { resultHeads, type ResultHead } from './heads.ts';
import type { ResultsSubcommand } from './subcommand.ts';

const EXAMPLES = [
  'commbench results prune --keep 5',
  'commbench results prune --older-than 30d --yes',
  'commbench results prune nightly --keep 20 --older-than 90d --yes',
];

const DAY_MS = 86_400_000;

const KEEP = new Option('--keep <n>', 'keep the newest n of each scenario and command').argParser(
  wholeFrom(0, 100_000),
);
const OLDER = new Option('--older-than <days>', 'delete only what is older, e.g. 30d').argParser((text) => {
  const [, days] = /^(\d{1,5})d?$/.exec(text.trim()) ?? [];
  return days === undefined ? refuse('a number of days, such as 30d', text) : Number(days) * DAY_MS;
});

interface PruneOptions {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly yes?: true;
}

export const definition: ResultsSubcommand = {
  name: 'prune',
  create: (context) =>
    new Command('prune')
      .description('delete old results: shows which ones, and deletes them with --yes')
      .argument('[folder]', 'a folder of result files', RESULTS_FOLDER)
      .addOption(KEEP)
      .addOption(OLDER)
      .option('--yes', 'delete them')
      .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
      .action((folder: string, options: PruneOptions) => prune(context, folder, options)),
};

function prune({ stdout }: Context, folder: string, { keep, olderThan, yes }: PruneOptions): void {
  if (keep === undefined && olderThan === undefined) {
    throw new CommbenchError('bad-option', 'Which results are old is not given', {
      hint: 'Use --keep N, --older-than 30d, or both.',
    });
  }
  const old = prunable(resultHeads(folder).heads, { keep: keep ?? 0, olderThanMs: olderThan ?? 0 }, Date.now());
  for (const { file } of old) {
    if (yes) remove(file);
    stdout.write(`${yes ? 'deleted' : 'would delete'} ${visible(file)}\n`);
  }
  const bytes = old.reduce((sum, head) => sum + head.bytes, 0);
  const hint = yes || old.length === 0 ? '' : '; --yes deletes them';
  stdout.write(`${plural(old.length, 'result')}, ${formatBytes(bytes)}${hint}\n`);
}

interface PruneRule {
  /** Newest results of each scenario and command that stay. */
  readonly keep: number;
  readonly olderThanMs: number;
}

/** Results to delete. One that is still written to stays: it says that it is running, and was changed within a day. */
export function prunable(heads: readonly ResultHead[], rule: PruneRule, nowMs: number): ResultHead[] {
  const newestFirst = heads.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt, 'en'));
  const ofEach = Map.groupBy(newestFirst, ({ scenario, experiment }) => JSON.stringify([scenario, experiment]));
  return [...ofEach.values()]
    .flatMap((some) => some.slice(rule.keep))
    .filter(({ startedAt }) => nowMs - Date.parse(startedAt) >= rule.olderThanMs)
    .filter(({ state, changedMs }) => state !== 'running' || nowMs - changedMs > DAY_MS);
}

/** With its page, which is made from it. @throws CommbenchError cannot-write */
function remove(file: string): void {
  try {
    rmSync(file);
    rmSync(pageBeside(file), { force: true });
  } catch (error) {
    throw new CommbenchError('cannot-write', `${file} cannot be deleted: ${systemCode(error) ?? String(error)}`);
  }
}
