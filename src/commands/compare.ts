import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { CommbenchError } from '../kernel/errors.ts';
import { compareResults } from '../analysis/compare/compare.ts';
import type { NamedResult } from '../analysis/compare/comparison.ts';
import { readRecord, readRun, splitPlace } from '../experiments/read-record.ts';
import { comparisonView } from '../report/comparison/comparison-view.ts';
import { exitOfComparison } from './terminal/exit-of-verdict.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { addOptions } from './options/options.ts';
import { asGiven, repeated } from './options/parsers.ts';
import type { ComparedResults } from '../report/pictures/comparison.ts';
import { openPrinter, type Shown } from './terminal/printer.ts';
import { carriedFiles, resultsIn } from './options/result-files.ts';

const EXAMPLES = [
  'commbench compare results/ab-rest-vs-queue-20261102T100000.json',
  'commbench compare before.json after.json --margin 10%',
  'commbench compare nightly/ today/ --declare node --format markdown > comparison.md',
  'commbench compare before.json after.json --format junit --out comparison.xml',
];

const EXITS = [
  'done',
  'defect',
  'badInput',
  'incomplete',
  'environment',
  'regressed',
  'inconclusive',
  'notComparable',
] as const;

interface CompareOptions extends Shown {
  readonly margin: number;
  readonly declare?: readonly string[];
  readonly out?: string;
}

export function compareCommand(context: Context): Command {
  const command = new Command('compare')
    .argument(
      '<baseline>',
      'a result file, a folder of result files, or the result of `ab` (then without a candidate)',
    )
    .argument('[candidate]', 'a result file, a folder of result files, or one arm of `ab`: FILE#a, FILE#b');
  const declare = new Option(
    '--declare <what>',
    'declare a difference as intended, by its name in the report, e.g. node (repeatable)',
  ).argParser(repeated(asGiven));
  const out = new Option('--out <file>', 'write the report to a file instead');
  return addOptions(command, 'margin', declare, out, 'format', 'report', 'full', 'explain')
    .addHelpText('after', helpAfter(EXAMPLES, EXITS))
    .action((baseline: string, candidate: string | undefined, options: CompareOptions) =>
      compare(context, [baseline, candidate], options),
    );
}

/** Of several results a side there is no one curve. */
function resultsOf({
  baseline: [a, ...more],
  candidate: [b, ...others],
}: Sides): ComparedResults | undefined {
  const isOneEach = a && b && more.length + others.length === 0;
  return isOneEach ? { baseline: a.result, candidate: b.result } : undefined;
}

function namedIn({ baseline, candidate }: Sides): string[] {
  return [...baseline, ...candidate].map(({ file }) => file);
}

interface Sides {
  readonly baseline: readonly NamedResult[];
  readonly candidate: readonly NamedResult[];
}

async function compare(
  context: Context,
  [baseline, candidate]: readonly [string, string | undefined],
  { margin, declare = [], out, ...shown }: CompareOptions,
): Promise<void> {
  const sides =
    candidate === undefined
      ? await armsIn(baseline)
      : { baseline: await sideOf(baseline), candidate: await sideOf(candidate) };
  refuseSame(sides);
  const print = await openPrinter(context, shown, out);
  const comparison = compareResults(sides.baseline, sides.candidate, { margin, declared: declare });
  print(comparisonView(comparison, null, resultsOf(sides)), carriedFiles(namedIn(sides)));
  process.exitCode = exitOfComparison(comparison);
}

/** Both arms of one `ab`, or of several in a folder. @throws CommbenchError bad-option, bad-result-file */
async function armsIn(place: string): Promise<Sides> {
  const pairs = await Promise.all(
    filesIn(place, 'ab').map(async (file) => {
      const { record, kind } = await readRecord(file);
      const { a, b } = kind.parts?.(record) ?? {};
      if (a && b)
        return [
          { file: `${file}#a`, result: a },
          { file: `${file}#b`, result: b },
        ] as const;
      throw new CommbenchError(
        'bad-option',
        `A candidate is missing: ${file} is not the result of \`commbench ab\``,
        { hint: '`commbench compare BASELINE CANDIDATE` takes two result files, or two folders of them.' },
      );
    }),
  );
  return { baseline: pairs.map(([a]) => a), candidate: pairs.map(([, b]) => b) };
}

/** @param experiment of which records are taken, where a place is a folder */
function filesIn(place: string, experiment: string): string[] {
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return [place];
  const files = resultsIn(place, experiment);
  if (files.length > 0) return files;
  throw new CommbenchError('bad-result-file', `${place} has no results of \`commbench ${experiment}\``, {
    hint: 'Results are written by `commbench run`, by default to results/.',
  });
}

/** A result compared with itself shows nothing. */
function refuseSame({ baseline, candidate }: Sides): void {
  const [ofBaseline, ofCandidate] = [baseline, candidate].map((side) =>
    side.map(({ file }) => realPlace(file)),
  );
  const shared = ofBaseline!.find((place) => ofCandidate!.includes(place));
  if (shared !== undefined) {
    throw new CommbenchError('bad-option', `The same result is on both sides: ${shared}`, {
      hint: 'Name the result of another run.',
    });
  }
}

function realPlace(place: string): string {
  const { file, part } = splitPlace(place);
  return part === undefined ? realpathSync(file) : `${realpathSync(file)}#${part}`;
}

/** @throws CommbenchError bad-result-file; bad-option where the results of one side are not of one scenario */
async function sideOf(place: string): Promise<NamedResult[]> {
  const files = filesIn(place, 'run');
  const side = await Promise.all(files.map(async (file) => ({ file, result: await readRun(file) })));
  const names = [...new Set(side.map(({ result }) => result.scenario.name))];
  if (names.length < 2) return side;
  throw new CommbenchError(
    'bad-option',
    `${path.dirname(files[0]!)} has results of several scenarios: ${names.slice(0, 5).join(', ')}`,
    { hint: 'Name the result files themselves, or put those of each side into a folder of its own.' },
  );
}
