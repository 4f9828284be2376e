import { Argument, Command } from 'commander';
import { CONTRACT_NAMES } from '../contracts/contracts.ts';
import { INTERACTIONS } from '../contracts/interactions.ts';
import { FAULTS } from '../faults/faults.ts';
import { KINDS } from '../plan/kinds/kinds.ts';
import { POLICIES } from '../policies/policies.ts';
import { PRESETS } from '../policies/stacks/presets.ts';
import { formatNames } from '../report/reporters.ts';
import { scenarioNames } from '../scenario/load/catalogue.ts';
import { wrapped } from '../report/text/wrap.ts';
import { loadScenario } from '../scenario/load/load.ts';
import type { Scenario } from '../scenario/schema/schema.ts';
import { loadTransportDefinition, transportNames } from '../transports/discover.ts';
import { type Context, widthOf } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { optionLines } from './options/option-lines.ts';

/** Lists that are explained at length when they are asked for by name. */
const EXPLAINED = { faults: listFaults, policies: listPolicies } as const;
type Explained = keyof typeof EXPLAINED;

export function listCommand(context: Context): Command {
  const what = new Argument('[what]', 'explain these, with units and defaults').choices(
    Object.keys(EXPLAINED),
  );
  const examples = ['commbench list', 'commbench list faults', 'commbench list policies'];
  return new Command('list')
    .addArgument(what)
    .addHelpText('after', helpAfter(examples, ['done', 'defect', 'badInput']))
    .action((explained?: Explained) => list(context, explained));
}

async function list({ stdout, env }: Context, explained: Explained | undefined): Promise<void> {
  const width = widthOf(stdout, env);
  const text = explained ? EXPLAINED[explained](width) : await everything(width);
  stdout.write(`${text}\n`);
}

async function everything(width: number): Promise<string> {
  const scenarios = await Promise.all(
    (await scenarioNames()).map(async (name) => (await loadScenario(name, [])).scenario),
  );
  const transports = await Promise.all(transportNames().map(loadTransportDefinition));
  const entry = ({ name, title }: { name: string; title: string }) => [name, title] as const;
  const bare = (name: string) => [name, ''] as const;
  const part = (title: string, entries: readonly Entry[]) => partText(title, entries, width);
  const parts = [
    part(
      'Scenarios (`commbench run NAME`)',
      scenarios.map((scenario) => [scenario.name, scenarioText(scenario)]),
    ),
    part(
      'Transports',
      transports.map(({ name, title, interactions }) => [name, `${title}: ${interactions.join(', ')}`]),
    ),
    part(
      'Interactions',
      INTERACTIONS.map(({ name, title, completion }) => [name, `${title}; completed by ${completion}`]),
    ),
    part('Contracts', CONTRACT_NAMES.map(bare)),
    part('Trials', KINDS.map(entry)),
    part('Faults (`commbench list faults` explains them)', FAULTS.map(entry)),
    part('Policies (`commbench list policies` explains them)', POLICIES.map(entry)),
    part('Formats', formatNames().map(bare)),
  ];
  return parts.join('\n\n');
}

function scenarioText({ title, patterns, variants }: Scenario): string {
  const ids = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id).join(', ');
  const shown = variants.filter(({ optional }) => !optional);
  const more = variants.filter(({ optional }) => optional);
  const texts = [
    `patterns: ${ids(patterns)}`,
    ...(shown.length > 0 ? [`variants: ${ids(shown)}`] : []),
    ...(more.length > 0 ? [`with --all also ${ids(more)}`] : []),
  ];
  return `${title} (${texts.join('; ')})`;
}

function listFaults(width: number): string {
  const head = [
    'An entry of `faults`: { do: NAME, on: TARGET, atMs: START, forMs: DURATION, id: NAME OF ITS PHASE, ...options }.',
    'process: on a service or a broker; application: on a service; connection, policy: on an edge; load: without a target.',
    'Without `services` the service is `service`, and `broker` is that of each pattern.',
  ];
  const ofEach = FAULTS.map(({ name, title, layer, options }) =>
    explain(`${name} (${layer}): ${title}`, optionLines(options), width),
  );
  return [head.map((line) => wrapped(line, width, '')).join('\n'), ...ofEach].join('\n\n');
}

function listPolicies(width: number): string {
  const head = [
    "An entry of an edge's `policies`, the first one outermost: { policy: NAME, ...options }, the id of one of the",
    "scenario's own stacks, or one of the stacks at the end. docs/policies.md defines each exactly.",
  ].join(' ');
  const ofEach = POLICIES.map(({ name, title, options }) =>
    explain(`${name}: ${title}`, optionLines(options), width),
  );
  const stacks = Object.entries(PRESETS).map(([name, { title, specs }]) =>
    explain(
      `${name}: ${title}`,
      specs.map(({ policy, ...options }) => `${policy} ${settingsText(options)}`),
      width,
    ),
  );
  return [wrapped(head, width, ''), ...ofEach, 'Stacks', ...stacks].join('\n\n');
}

function explain(head: string, lines: readonly string[], width: number): string {
  return [wrapped(head, width, '  '), ...lines.map((line) => wrapped(`  ${line}`, width, '      '))].join(
    '\n',
  );
}

function settingsText(options: object): string {
  const texts = Object.entries(options).map(([key, value]) => `${key} ${valueText(value)}`);
  return `(${texts.join(', ')})`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' | ');
  return typeof value === 'object' && value !== null ? settingsText(value) : String(value);
}

type Entry = readonly [name: string, text: string];

function partText(title: string, entries: readonly Entry[], width: number): string {
  const column = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, text]) => `  ${name.padEnd(column)}  ${text}`.trimEnd());
  return [title, ...lines.map((line) => wrapped(line, width, ' '.repeat(column + 4)))].join('\n');
}
