import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { waitForQuiet } from './tools/turn.ts';

/**
 * `node bench/start-up.ts BEFORE AFTER [--rounds 9] [--whole quick] [--wait-quiet 10]`: what two installed checkouts take
 * to print their help, and around a trial. Both take turns in every round, each first in every other; the first round is
 * not counted. Each turn waits up to so many seconds for a quiet machine.
 */
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '9' },
    whole: { type: 'string', multiple: true, default: [] },
    'wait-quiet': { type: 'string', default: '10' },
  },
});
const [before, after] = positionals.map((checkout) => path.resolve(checkout));
if (before === undefined || after === undefined) {
  process.stderr.write('Usage: node bench/start-up.ts BEFORE AFTER [--rounds N] [--whole SCENARIO]\n');
  process.exit(2);
}

/** Its load is as short as one can be that has the benchmark of pacings. */
const LOAD_MS = 300;
const SCENARIO = `
name: start-up
title: Short trials, without warm-up
contract: users
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
  - { id: grpc, title: gRPC, transport: grpc, interaction: request-reply }
  - { id: graphql, title: GraphQL, transport: graphql, interaction: request-reply }
load: { shape: constant, ratePerS: 200 }
durationMs: ${LOAD_MS}
deadlineMs: 250
rounds: 2
warmUp: { calls: 0, concurrency: 1, probeMs: 0 }
noop: false
`;

const folder = mkdtempSync(path.join(tmpdir(), 'commbench-start-up-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The scenario in the words of a checkout: results of version 1 called the no-op baseline a floor. */
function scenarioFor(checkout: string): string {
  const file = path.join(folder, 'start-up.yaml');
  const schema = readFileSync(path.join(checkout, 'docs/scenario.schema.json'), 'utf8');
  writeFileSync(file, schema.includes('"noop"') ? SCENARIO : SCENARIO.replace('noop: false', 'floor: false'));
  return file;
}

/** Milliseconds by the name of what took them. */
type Figures = Readonly<Record<string, number>>;

function timed(args: readonly string[]): number {
  const startedMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${String(stderr)}`);
  return performance.now() - startedMs;
}

async function measure(checkout: string): Promise<Figures> {
  await waitForQuiet({ signal: new AbortController().signal }, Number(asked['wait-quiet']) * 1000);
  const cli = path.join(checkout, 'src/cli.ts');
  const launcher = path.join(checkout, 'bin/commbench.js');
  const whole = asked.whole.map((name) => {
    const args = [cli, 'run', name, '--quiet', '--seed', '1', '--out', path.join(folder, 'whole.json')];
    return [`run ${name}`, timed(args)] as const;
  });
  return {
    'node -e 0': timed(['-e', '0']),
    'commbench --help': timed([launcher, '--help']),
    'around a trial': aroundTrial(cli, scenarioFor(checkout)),
    ...Object.fromEntries(whole),
  };
}

interface Trial {
  readonly startedAt: string;
  readonly drainMs: number;
}

/** From one trial's start to that of the next, without its load and what was done after that. */
function aroundTrial(cli: string, scenario: string): number {
  const out = path.join(folder, 'result.json');
  timed([cli, 'run', scenario, '--quiet', '--seed', '1', '--out', out]);
  const { trials } = JSON.parse(readFileSync(out, 'utf8')) as { trials: Trial[] };
  const begun = trials.map(({ startedAt }) => Date.parse(startedAt));
  const around = trials.map(({ drainMs }, i) => begun[i + 1]! - begun[i]! - LOAD_MS - drainMs);
  return median(around.slice(0, -1));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

interface Round {
  readonly before: Figures;
  readonly after: Figures;
}

async function takeRound(round: number, places: { before: string; after: string }): Promise<Round> {
  if (round % 2 === 1) {
    const second = await measure(places.after);
    return { before: await measure(places.before), after: second };
  }
  const first = await measure(places.before);
  return { before: first, after: await measure(places.after) };
}

function lineOf(name: string, rounds: readonly Round[]): string {
  const of = (side: keyof Round) => rounds.map((round) => round[side][name]!);
  const ratios = rounds.map((round) => round.before[name]! / round.after[name]!).toSorted((a, b) => a - b);
  const ms = [of('before'), of('after')].map(
    (values) => `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)})`,
  );
  const spread = `${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)}`;
  const columns = ms.map((text) => text.padStart(14)).join('');
  return `${name.padEnd(24)}${columns}   ${median(ratios).toFixed(2)} (${spread})`;
}

function helpOfNode(side: keyof Round, rounds: readonly Round[]): string {
  const ratio = rounds.map((round) => round[side]['commbench --help']! / round[side]['node -e 0']!);
  return median(ratio).toFixed(2);
}

const rounds: Round[] = [];
for (let i = 0; i <= Number(asked.rounds); i++) {
  const round = await takeRound(i, { before, after });
  if (i > 0) rounds.push(round);
}
const lines = [
  `${rounds.length} rounds, Node ${process.versions.node}, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}`,
  `${'median (lowest) ms'.padEnd(24)}${'before'.padStart(14)}${'after'.padStart(14)}   before : after`,
  ...Object.keys(rounds[0]!.after).map((name) => lineOf(name, rounds)),
  `--help in starts of Node: ${helpOfNode('before', rounds)} before, ${helpOfNode('after', rounds)} after`,
];
process.stdout.write(`${lines.join('\n')}\n`);
