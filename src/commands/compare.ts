import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { CommbenchError } from '../kernel/errors.ts';
import { compareResults } from '../analysis/compare/compare.ts';
import type { NamedResult } from '../analysis/compare/comparison.ts';
import { readRecord, readRun, splitPlace } from '../experiments/read-record.ts';
import { comparisonView } from '../report/comparison/comparison-view.ts';
import { EXIT_OF_VERDICT } from './terminal/exit-of-verdict.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { addReportOptions, declareOption, marginOption } from './options/options.ts';
import { openPrinter, type Shown } from './terminal/printer.ts';
import { resultsIn } from './options/result-files.ts';

const EXAMPLES = [
  'commbench compare results/ab-rest-vs-queue-20261102T100000.json',
  'commbench compare before.json after.json --margin 10%',
  'commbench compare nightly/ today/ --declare node --format markdown > comparison.md',
  'commbench compare before.json after.json --format junit --out comparison.xml',
];

interface CompareOptions extends Shown {
  readonly margin: number;
  readonly declare?: readonly string[];
  readonly out?: string;
}

export function compareCommand(context: Context): Command {
  const command = new Command('compare')
    .argument('<baseline>', 'a result file, a folder of them, or the result of an `ab`: then no candidate')
    .argument('[candidate]', 'a result file, a folder of them, or one arm of an `ab`: FILE#a, FILE#b')
    .addOption(marginOption())
    .addOption(declareOption())
    .addOption(new Option('--out <file>', 'write the report to a file instead'));
  return addReportOptions(command)
    .addHelpText(
      'after',
      helpAfter(EXAMPLES, [
        'done',
        'defect',
        'badInput',
        'environment',
        'regressed',
        'inconclusive',
        'notComparable',
      ]),
    )
    .action((baseline: string, candidate: string | undefined, options: CompareOptions) =>
      compare(context, [baseline, candidate], options),
    );
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
  refuseSame(sides, out);
  const print = await openPrinter(context, shown, out);
  const comparison = compareResults(sides.baseline, sides.candidate, { margin, declared: declare });
  print(comparisonView(comparison));
  process.exitCode = EXIT_OF_VERDICT[comparison.verdict];
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
        `Expected a candidate too, or the result of \`commbench ab\`, found ${file} alone`,
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
  throw new CommbenchError(
    'bad-result-file',
    `Expected results of ${experiment === 'run' ? 'runs' : '`commbench ab`'} in ${place}, found none`,
    { hint: 'Results are written by `commbench run`, by default to results/.' },
  );
}

/** What is on both sides differs from itself by nothing; and a report in the place of a result is a result lost. */
function refuseSame({ baseline, candidate }: Sides, out: string | undefined): void {
  const [ofBaseline, ofCandidate] = [baseline, candidate].map((side) =>
    side.map(({ file }) => realPlace(file)),
  );
  const shared = ofBaseline!.find((place) => ofCandidate!.includes(place));
  if (shared !== undefined) {
    throw new CommbenchError('bad-option', `Expected other results on either side, found ${shared} on both`, {
      hint: 'Name a result of another run.',
    });
  }
  if (out === undefined || !isFile(out)) return;
  const files = [...ofBaseline!, ...ofCandidate!].map((place) => splitPlace(place).file);
  if (!files.includes(realpathSync(out))) return;
  throw new CommbenchError(
    'bad-option',
    `Expected --out to name a file for the report, found the result ${out}`,
  );
}

function realPlace(place: string): string {
  const { file, part } = splitPlace(place);
  return part === undefined ? realpathSync(file) : `${realpathSync(file)}#${part}`;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** @throws CommbenchError bad-result-file; bad-option where the results of one side are not of one kind */
async function sideOf(place: string): Promise<NamedResult[]> {
  const files = filesIn(place, 'run');
  const side = await Promise.all(files.map(async (file) => ({ file, result: await readRun(file) })));
  refuseMixed(side, 'results of one scenario', ({ result }) => result.scenario.name);
  return side;
}

function refuseMixed(
  side: readonly NamedResult[],
  expected: string,
  kindOf: (one: NamedResult) => string,
): void {
  const kinds = [...new Set(side.map(kindOf))];
  if (kinds.length < 2) return;
  const folder = path.dirname(side[0]!.file);
  throw new CommbenchError(
    'bad-option',
    `Expected ${expected} on one side, found ${kinds.slice(0, 5).join(', ')} in ${folder}`,
    { hint: 'Name the result files themselves, or put those of each side into a folder of their own.' },
  );
}
