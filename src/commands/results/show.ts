import { statSync } from 'node:fs';
import { Command } from 'commander';
import { readRecord } from '../../experiments/read-record.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { visible } from '../../kernel/foreign/visible.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import type { ExperimentRecord } from '../../record/record.ts';
import { formatMs, plural } from '../../report/format.ts';
import { setupText } from '../../report/setup-text.ts';
import { wrapped } from '../../report/text/wrap.ts';
import { endOf, endText } from '../../trial/progress.ts';
import { helpAfter } from '../options/help.ts';
import { RESULTS_FOLDER } from '../options/result-files.ts';
import { type Context, widthOf } from '../terminal/context.ts';
import { resultHeads } from './heads.ts';
import type { ResultsSubcommand } from './subcommand.ts';

const EXAMPLES = [
  'commbench results show',
  'commbench results show rest-vs-queue',
  'commbench results show results/rest-vs-queue-20261102T100000.json',
];

export const definition: ResultsSubcommand = {
  name: 'show',
  create: (context) =>
    new Command('show')
      .description('show what a result is of: settings, machine, and every trial')
      .argument('[result]', 'a result file, or a scenario: its newest result (default: the newest of all)')
      .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput']))
      .action((wanted?: string) => showResult(context, wanted)),
};

async function showResult({ stdout, env }: Context, wanted: string | undefined): Promise<void> {
  const file = fileOf(wanted);
  const record = (await readRecord(file)).record as ExperimentRecord;
  const width = widthOf(stdout, env);
  const lines = [...factsOf(record), ['result', file] as const].map(([name, text]) =>
    wrapped(visible(`${name.padEnd(10)}${text}`), width, ' '.repeat(10)),
  );
  const trials = trialLines(record).map((line) => wrapped(visible(line), width, '    '));
  stdout.write(`${[...lines, '', ...trials, '', `More: commbench report ${visible(file)}`].join('\n')}\n`);
}

/** @throws CommbenchError bad-option */
function fileOf(wanted: string | undefined): string {
  if (wanted !== undefined && statSync(wanted, { throwIfNoEntry: false })?.isFile()) return wanted;
  const { heads } = resultHeads(RESULTS_FOLDER);
  const newest = heads.find(({ scenario }) => wanted === undefined || scenario === wanted);
  if (newest) return newest.file;
  if (wanted === undefined) throw new CommbenchError('bad-option', `${RESULTS_FOLDER} has no results`);
  const known = [...new Set(heads.map(({ scenario }) => scenario))];
  throw new CommbenchError('bad-option', `${wanted} is no result file, and no scenario in ${RESULTS_FOLDER}`, {
    hint: didYouMean(wanted, known),
  });
}

function factsOf(record: ExperimentRecord): (readonly [name: string, text: string])[] {
  const { scenario, experiment, startedAt, finishedAt, state, seed, commbench, environment, patterns } = record;
  const options = Object.entries(record.options).filter(([, value]) => isSet(value));
  return [
    ['scenario', `${scenario.name}: ${scenario.title}`],
    ['command', `commbench ${experiment}, version ${commbench}, seed ${seed}`],
    ['options', options.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ') || 'none'],
    ['time', `${startedAt} to ${finishedAt ?? 'unknown'}`],
    ['state', state],
    ['setup', setupText(environment, record.brokers).join('; ')],
    ['patterns', patterns.map(({ id, client, state: own }) => `${id} (${own}, ${client})`).join(', ')],
  ];
}

function isSet(value: unknown): boolean {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value !== null && value !== false && !isEmpty;
}

function trialLines({ trials }: ExperimentRecord): string[] {
  const lines = trials.map((trial) => {
    const { id, round, pattern, variant, case: title, kind, wallMs } = trial;
    const name = [pattern, variant, title, kind].filter((part) => part !== null).join(', ');
    const mark = endOf(trial) === 'done' ? ' ' : '!';
    return `${mark} ${String(id).padStart(3)}  round ${round}  ${name}: ${endText(trial)} (${formatMs(Math.round(wallMs))})`;
  });
  return [plural(trials.length, 'trial'), ...lines];
}
