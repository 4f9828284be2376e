import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommbenchError, EXIT } from '../../src/kernel/errors.ts';
import { MAX_RATE_PER_S } from '../../src/kernel/load-shape.ts';
import type { BenchRecord } from './record.ts';
import { prepareResultFile } from '../../src/record/store.ts';
import type { GivenTool } from './find-tools.ts';
import { benchView } from './view.ts';
import { MOST_ARRIVALS } from './works.ts';
import { splitCommand } from '../../src/components/target/program.ts';
import { parseDurationMs, parseRatePerS } from '../../src/scenario/schema/units.ts';
import type { Context } from '../../src/commands/terminal/context.ts';
import { helpAfter, measuringExits } from '../../src/commands/options/help.ts';
import { withMeasuring } from '../../src/commands/terminal/measuring.ts';
import { openPrinter, type Shown } from '../../src/commands/terminal/printer.ts';
import { newSeed } from '../../src/commands/options/measuring-options.ts';
import { addOptions } from '../../src/commands/options/options.ts';
import { RESULTS_FOLDER, timeStamp } from '../../src/commands/options/result-files.ts';

const EXAMPLES = [
  'npm run bench --',
  'npm run bench -- oha k6 --rates 500,2k --rounds 3',
  'npm run bench -- ghz --rates 500,2000,4000',
  "npm run bench -- --tool k6=/opt/k6/k6 --tool 'mine=./load.sh {url} {rate} {seconds} {connections}'",
  'npm run bench -- --format markdown > tools.md',
];
const RATES = '500,2000,5000,10000';
const MAX_SECONDS = 600;

interface AskedBench extends Shown {
  readonly rates: readonly number[];
  readonly rounds: number;
  /** Ms. */
  readonly duration: number;
  readonly connections: number;
  readonly ratesOnly?: true;
  /** Ms. */
  readonly waitQuiet: number;
  readonly tool?: readonly GivenTool[];
  readonly seed?: number;
  readonly out?: string;
  readonly quiet?: true;
}

/** @param complete called with the record of a bench in which every turn gave figures */
export function benchCommand(
  context: Context,
  complete: (record: BenchRecord) => void = () => undefined,
): Command {
  const command = new Command('bench')
    .description(
      'which load tools to believe: the same work for those that are here, and for commbench, seen from the called side',
    )
    .argument('[tools...]', 'oha, k6, fortio, autocannon, hey, ghz (default: all that are found)')
    .addOption(
      new Option('--rates <rates>', 'arrivals per second, e.g. 500,2k,10k')
        .default(rates(RATES), RATES)
        .argParser(rates),
    )
    .option('--rounds <n>', 'how often each tool does each work', whole(1, 1000), 2)
    .addOption(
      new Option('--duration <time>', 'of each work but the freeze, in whole seconds')
        .default(wholeSeconds('5s'), '5s')
        .argParser(wholeSeconds),
    )
    .option('--connections <n>', 'kept alive by each tool, at most', whole(1, 1024), 32)
    .option('--rates-only', 'no freeze, no held answers, no single request')
    .option(
      '--tool <name=command>',
      'a tool that is elsewhere, or another one with {url} and {rate} (repeatable)',
      givenTool,
    )
    .addOption(
      new Option(
        '--wait-quiet <time>',
        'before each turn at most so long, until others leave the machine alone',
      )
        .default(duration('5s'), '5s')
        .argParser(duration),
    );
  const out = new Option('--out <file>', 'the file with every turn (default: results/bench-<time>.json)');
  return addOptions(command, 'seed', out, 'format', 'explain', 'quiet')
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits()))
    .action((names: readonly string[], asked: AskedBench) => bench(context, names, asked, complete));
}

async function bench(
  context: Context,
  names: readonly string[],
  asked: AskedBench,
  complete: (record: BenchRecord) => void,
): Promise<void> {
  refuseTooMany(asked);
  // Loaded here: help answers in an instant.
  const [{ findTools }, { runBench }] = await Promise.all([
    import('./find-tools.ts'),
    import('./run-bench.ts'),
  ]);
  const tools = findTools(names, asked.tool ?? []);
  const outPath = asked.out ?? path.join(RESULTS_FOLDER, `bench-${timeStamp()}.json`);
  prepareResultFile(outPath);
  const { quiet = false } = asked;
  // Whatever the format, the whole of it: there is no screen for it.
  const print = await openPrinter(context, { ...asked, full: true });
  let record: BenchRecord | undefined;
  const told = () => {
    if (record) print(benchView(record, outPath));
  };
  await withMeasuring(
    context,
    quiet,
    (measuring) =>
      runBench({
        tools,
        ratesPerS: asked.rates,
        seconds: asked.duration / 1000,
        ratesOnly: asked.ratesOnly ?? false,
        rounds: asked.rounds,
        connections: asked.connections,
        seed: asked.seed ?? newSeed(),
        waitQuietMs: asked.waitQuiet,
        outPath,
        begun: (one) => void (record = one),
        ...measuring,
      }),
    told,
  );
  const finished: BenchRecord | undefined = record;
  const isWhole = finished?.turns.every(({ failure }) => failure === null) ?? false;
  if (finished && isWhole) complete(finished);
  process.exitCode = isWhole ? EXIT.done : EXIT.incomplete;
}

function refuseTooMany({ rates: perS, duration: ms }: AskedBench): void {
  const highestPerS = Math.max(...perS);
  const most = (highestPerS * ms) / 1000;
  if (most <= MOST_ARRIVALS) return;
  throw new CommbenchError(
    'bad-option',
    `--rates, --duration: Expected at most ${MOST_ARRIVALS} arrivals a turn, found ${Math.ceil(most)}`,
    { hint: `At ${highestPerS}/s: --duration ${Math.floor(MOST_ARRIVALS / highestPerS)}s or less.` },
  );
}

function rates(text: string): number[] {
  const found = text.split(',').map((one) => parseRatePerS(one.trim()));
  if (found.every((rate) => rate !== undefined && rate >= 1 && rate <= MAX_RATE_PER_S))
    return found as number[];
  throw new InvalidArgumentError(
    `Expected rates from 1 to ${MAX_RATE_PER_S} per second, such as 500,2k, found ${text}`,
  );
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    if (Number.isInteger(n) && n >= least && n <= most) return n;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}, found ${text}`);
  };
}

/** Several tools know no other. */
function wholeSeconds(text: string): number {
  const ms = duration(text);
  if (ms > 0 && ms % 1000 === 0 && ms <= MAX_SECONDS * 1000) return ms;
  throw new InvalidArgumentError(`Expected whole seconds from 1s to ${MAX_SECONDS}s, found ${text}`);
}

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError(`Expected a time with its unit, such as 5s, found ${text}`);
}

function givenTool(text: string, earlier: readonly GivenTool[] | undefined): GivenTool[] {
  const [, name, command = ''] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  const words = splitCommand(command);
  if (name === undefined || words.length === 0) {
    throw new InvalidArgumentError(`Expected name=command, such as k6=/opt/k6/k6, found ${text}`);
  }
  return [...(earlier ?? []), { name, words }];
}
