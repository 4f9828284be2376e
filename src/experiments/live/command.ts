import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import { addOptions, outOption } from '../../commands/options/options.ts';
import { asGiven, durationMs, wholeFrom } from '../../commands/options/parsers.ts';
import { checkVariants, loadAsked } from '../../commands/options/patterns.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { CommbenchError, EXIT, unwritableText } from '../../kernel/errors.ts';
import { MAX_DURATION_MS } from '../../kernel/load-shape.ts';
import { excludedParts } from '../../plan/paired-scenario.ts';
import type { Override } from '../../scenario/load/override.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { conductDesign, type MeasuringOptions } from '../loop/conduct-design.ts';
import { variantOverrides } from '../paired/variant-overrides.ts';
import { attendSession, hasKeys } from './attend.ts';
import type { LiveRecord } from './record.ts';
import { liveKind } from './record.ts';
import { liveScenario, scenarioText } from './recorded.ts';
import { inputLines, type Lines, scriptLines } from './script.ts';

interface LiveOptions extends Omit<MeasuringOptions, 'patterns'>, Pick<ScenarioOptions, 'set'> {
  readonly rate?: Override;
  readonly pattern?: string;
  readonly variant?: string;
  readonly max: number;
  readonly open?: true;
  readonly port?: number;
  readonly script?: string;
}

const USUAL_MAX = '5m';
const OPTIONS = [
  new Option('--pattern <id>', 'pattern whose services run (default: the first one)').argParser(asGiven),
  new Option('--variant <id>', 'variant of the scenario').argParser(asGiven),
  new Option('--max <time>', 'the session ends by itself after this time')
    .default(durationMs(USUAL_MAX), USUAL_MAX)
    .argParser(durationMs),
  new Option('--open', 'a page on this machine, besides the keys of the terminal'),
  new Option('--port <n>', 'port of that page (default: a free one)')
    .implies({ open: true })
    .argParser(wholeFrom(1024, 65_535)),
  new Option('--script <file>', 'carry out these lines instead, then end (docs/live.md)').argParser(asGiven),
];

const EXAMPLES = [
  'commbench live circuit-breaker --variant breaker --open',
  'commbench live cascade --max 10m --rate 100/s',
  'commbench live circuit-breaker --script demo.txt',
  "printf 'wait 3s\\nkill payments\\nwait 3s\\nheal\\nwait 5s\\n' | commbench live circuit-breaker --variant breaker",
];

export function liveCommand(context: Context): Command {
  const command = new Command('live').argument('<scenario>', 'a name (see `commbench list`) or a file');
  addOptions(
    command,
    ...OPTIONS,
    'rate',
    'seed',
    'set',
    'generators',
    outOption('live-<scenario>'),
    'format',
    'report',
    'full',
    'explain',
    'waitQuiet',
    'broker',
  );
  return command
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits()))
    .action((scenario: string, options: LiveOptions) => live(context, scenario, options));
}

async function live(context: Context, name: string, options: LiveOptions): Promise<void> {
  if (options.max > MAX_DURATION_MS)
    throw new CommbenchError('bad-option', 'A session takes 1 h at most (--max)');
  const script = linesOf(context, options);
  const scenario = await scenarioOf(name, options);
  const generators = options.generators ?? 1;
  const record = await conductDesign<LiveRecord['design'], object>(context, options, {
    name: `live-${scenario.name}`,
    options: { variant: options.variant ?? null },
    design: async ({ seed }) =>
      (await import('./design.ts')).liveDesign({
        scenario,
        seed,
        generators,
        attend: (session, progress) =>
          attendSession(session, progress, {
            context,
            scenario,
            port: options.open ? (options.port ?? 0) : undefined,
            script,
          }),
      }),
    show(known, file, print) {
      if (known.finishedAt === null) return;
      print(liveKind.view(known, file));
      context.stderr.write(`${keepScenario(known, file)}\n`);
    },
  });
  if (record && record.state !== 'complete') process.exitCode = EXIT.incomplete;
}

/** @throws CommbenchError bad-option: there is nobody to act */
function linesOf(context: Context, { script, open }: LiveOptions): Lines | undefined {
  if (script !== undefined) return scriptLines(script);
  if (open || hasKeys(context)) return undefined;
  const lines = inputLines();
  if (lines) return lines;
  throw new CommbenchError('bad-option', 'live needs somebody who acts: a terminal, a page, or a script', {
    hint: 'Add --open for a page, or --script FILE; or pipe the lines in.',
  });
}

/** The scenario of the session: one pattern under one variant, without faults. */
async function scenarioOf(
  name: string,
  { rate, set = [], pattern, variant, max }: LiveOptions,
): Promise<Scenario> {
  const asked = [rate, ...set].filter((one) => one !== undefined);
  const named = { '--pattern': pattern === undefined ? undefined : [pattern] };
  const base = await loadAsked(name, asked, named);
  const scenario = variant === undefined ? base : await underVariant(name, base, { asked, named, variant });
  return { ...liveScenario(scenario, pattern ?? scenario.patterns[0]!.id), durationMs: max };
}

interface Chosen {
  readonly asked: readonly Override[];
  readonly named: Readonly<Record<string, readonly string[] | undefined>>;
  readonly variant: string;
}

/** What a variant changes is the scenario's own; its faults may be on parts that only another variant has. */
async function underVariant(
  name: string,
  base: Scenario,
  { asked, named, variant }: Chosen,
): Promise<Scenario> {
  checkVariants(base, [variant], '--variant');
  const changes = variantOverrides(base, variant, `--variant ${variant}`);
  const without = Object.entries(excludedParts('latency')).map(([path, value]) => ({
    origin: path,
    path,
    value,
  }));
  const changed = await loadAsked(name, [...asked, ...changes, ...without], named);
  const { endpoints, objectiveMs } = base;
  return { ...changed, endpoints, objectiveMs };
}

/** Writes the scenario beside the result. @returns where it is, and what it is for */
function keepScenario({ scenario, seed, trials }: LiveRecord, file: string): string {
  if (trials[0]?.state !== 'done') return 'No scenario was kept: the trial failed.';
  const place = file.replace(/(?:\.json)?$/, '.scenario.yaml');
  const again = `commbench run ${place} --seed ${seed}`;
  try {
    writeFileSync(place, scenarioText(scenario, [`Does what was done in ${file} again: ${again}`]));
  } catch (error) {
    throw new CommbenchError('cannot-write', unwritableText(place, error));
  }
  return `Scenario ${place}: \`${again}\` does the same again, beside its control.`;
}
