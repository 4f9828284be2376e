import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { CommbenchError } from '../kernel/errors.ts';
import { compareResults } from '../analysis/compare/compare.ts';
import type { NamedResult } from '../analysis/compare/comparison.ts';
import { readResult } from '../record/store.ts';
import { comparisonView } from '../report/comparison/comparison-view.ts';
import { EXIT_OF_VERDICT } from './terminal/exit-of-verdict.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { addReportOptions, declareOption, marginOption } from './options/options.ts';
import { openPrinter, type Shown } from './terminal/printer.ts';
import { resultsIn } from './options/result-files.ts';

const EXAMPLES = [
  'commbench compare results/ab-rest-vs-queue-20261102T100000',
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
    .argument('<baseline>', 'a result file, a folder of them, or the folder of an `ab`: then no candidate')
    .argument('[candidate]', 'a result file, or a folder of them')
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
      compare(context, sidesOf(baseline, candidate), options),
    );
}

interface Sides {
  readonly baseline: readonly string[];
  readonly candidate: readonly string[];
  /** Made by one `ab`, as whoever names its folder takes them to be. */
  readonly arms: boolean;
}

async function compare(context: Context, sides: Sides, options: CompareOptions): Promise<void> {
  const { margin, declare = [], out } = options;
  const print = await openPrinter(context, options, out);
  const [baseline, candidate] = [sides.baseline, sides.candidate].map(sideOf) as [
    NamedResult[],
    NamedResult[],
  ];
  refuseSame(sides, out);
  const comparison = compareResults(baseline, candidate, { margin, declared: declare });
  if (sides.arms && comparison.how === 'unpaired') throw notOneAb(sides);
  print(comparisonView(comparison));
  process.exitCode = EXIT_OF_VERDICT[comparison.verdict];
}

/** An `ab` leaves its arms so. */
const ARMS = { baseline: 'a.json', candidate: 'b.json' } as const;

function sidesOf(baseline: string, candidate: string | undefined): Sides {
  if (candidate !== undefined)
    return { baseline: filesOf(baseline), candidate: filesOf(candidate), arms: false };
  const [a, b] = [path.join(baseline, ARMS.baseline), path.join(baseline, ARMS.candidate)];
  if (isFile(a) && isFile(b)) return { baseline: [a], candidate: [b], arms: true };
  throw new CommbenchError(
    'bad-option',
    `Expected a candidate too, or a folder made by \`commbench ab\` (with ${ARMS.baseline} and ${ARMS.candidate}), found ${baseline} alone`,
    { hint: '`commbench compare BASELINE CANDIDATE` takes two result files, or two folders of them.' },
  );
}

function filesOf(place: string): string[] {
  if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return [place];
  const files = resultsIn(place);
  if (files.length > 0) return files;
  throw new CommbenchError('bad-result-file', `Expected results of runs in ${place}, found none`, {
    hint: 'Results are written by `commbench run`, by default to results/.',
  });
}

/** What is on both sides differs from itself by nothing; and a report in the place of a result is a result lost. */
function refuseSame({ baseline, candidate }: Sides, out: string | undefined): void {
  const [ofBaseline, ofCandidate] = [baseline, candidate].map((files) =>
    files.map((file) => realpathSync(file)),
  );
  const shared = ofBaseline!.find((file) => ofCandidate!.includes(file));
  if (shared !== undefined) {
    throw new CommbenchError('bad-option', `Expected other results on either side, found ${shared} on both`, {
      hint: 'Name a result of another run.',
    });
  }
  if (out === undefined || !isFile(out)) return;
  if (![...ofBaseline!, ...ofCandidate!].includes(realpathSync(out))) return;
  throw new CommbenchError(
    'bad-option',
    `Expected --out to name a file for the report, found the result ${out}`,
  );
}

/** Such as where an `ab` ended before its first pair in a folder that another one had filled. */
function notOneAb({ baseline: [a], candidate: [b] }: Sides): CommbenchError {
  return new CommbenchError(
    'bad-option',
    `Expected ${a} and ${b} of one \`commbench ab\`, found two that were not made together`,
    {
      hint: `\`commbench compare ${a} ${b}\` compares them as runs apart from each other.`,
    },
  );
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** @throws CommbenchError bad-result-file; bad-option where the results of one side are not of one kind */
function sideOf(files: readonly string[]): NamedResult[] {
  const side = files.map((file) => ({ file, result: readResult(file) }));
  refuseMixed(side, 'results of one scenario', ({ result }) => result.scenario.name);
  refuseMixed(side, 'results of one arm', ({ result }) =>
    result.interleave ? `arm ${result.interleave.arm} of ${result.interleave.id}` : 'no arm',
  );
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
