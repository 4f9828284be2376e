import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pairValue } from '../src/analysis/compare/pair.ts';
import { armsOf } from '../src/experiments/ab/compared.ts';
import { abSchema } from '../src/experiments/ab/record.ts';
import { mergeSeries, quantileUs } from '../src/measure/figures/histogram.ts';
import { describeEnvironment } from '../src/record/environment.ts';
import type { Trial } from '../src/record/record.ts';
import { readStored, validRecord } from '../src/record/store.ts';
import { type Checkout, openCheckout } from './checkout.ts';
import { startOthers } from './compare-real/others.ts';
import { summaryOfTurns } from './interleaving/summary.ts';
import { type Figure, type Found, type Mode, MODES, readTurns, type Turn } from './interleaving/turn.ts';
import { runCli } from './run-cli.ts';

/**
 * `npm run prove -- interleaving [--turns N] [--beside TEXT]`: REST against gRPC by whole trials in pairs and by blocks
 * in turn, for the same time under load, with and without other programs: what finer interleaving buys. Turns of both
 * are interleaved. Resumable: every turn is a line of the evidence. `--beside` says what else runs on the machine.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/interleaving.jsonl');
const SUMMARY = path.join(ROOT, 'docs/evidence/interleaving.txt');
const HOME = path.join(ROOT, 'results/interleaving');
const SHARES = [0, 0.3];

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { turns: { type: 'string' }, beside: { type: 'string' } } });
  const turns = Number(values.turns ?? 12);
  if (!(Number.isInteger(turns) && turns > 0)) {
    console.error(`interleaving: expected --turns N from 1, found ${values.turns}`);
    return 2;
  }
  using checkout = openCheckout(ROOT);
  mkdirSync(HOME, { recursive: true });
  for (let i = 0; i < turns; i++) {
    // Either comes first as often as the other.
    const modes = i % 2 === 0 ? MODES : MODES.toReversed();
    for (const others of SHARES)
      for (const mode of modes) await makeMissing(i, { others, mode, beside: values.beside ?? '', checkout });
  }
  console.log(summaryOfTurns(readTurns(EVIDENCE)));
  return 0;
}

interface Asked extends Pick<Turn, 'others' | 'mode' | 'beside'> {
  readonly checkout: Checkout;
}

/** Turn i of its series, unless it is there. */
async function makeMissing(i: number, asked: Asked): Promise<void> {
  const known = readTurns(EVIDENCE);
  const isAlike = ({ mode, others, beside }: Turn) =>
    mode === asked.mode && others === asked.others && beside === asked.beside;
  const alike = known.filter(isAlike);
  if (alike.length > i) return;
  const all = [...known, await turnOf(known.length + 1, asked)];
  writeFileSync(EVIDENCE, all.map((one) => `${JSON.stringify(one)}\n`).join(''));
  writeFileSync(SUMMARY, summaryOfTurns(all));
  const { number, mode, others, found, wallS } = all.at(-1)!;
  const ratio = found.response ? Math.exp(found.response.logRatio).toFixed(3) : 'no ratio';
  console.log(`${number} ${mode}, others ${others}: ${ratio}, ${wallS} s`);
}

async function turnOf(number: number, { others, mode, beside, checkout }: Asked): Promise<Turn> {
  const [file, result] = [path.join(HOME, 'scenario.yaml'), path.join(HOME, `${number}.json`)];
  writeFileSync(file, JSON.stringify(SCENARIO));
  rmSync(result, { force: true });
  const { cpu, coresUsable, os: system, kernel } = describeEnvironment();
  const startedAt = new Date().toISOString();
  const beganMs = performance.now();
  {
    using _others = others > 0 ? startOthers(others) : undefined;
    await runCli(checkout.folder, [
      'ab',
      file,
      '--patterns',
      'rest',
      '--b',
      'pattern=grpc',
      '--pairs',
      '1',
      '--mode',
      mode,
      '--seed',
      String(number),
      '--out',
      result,
      '--quiet',
    ]);
  }
  const wallS = Number(((performance.now() - beganMs) / 1000).toFixed(1));
  const machine = { cpu, cores: coresUsable, system, kernel };
  return {
    number,
    commit: checkout.commit,
    machine,
    startedAt,
    mode,
    others,
    beside,
    ...cameOf(result, mode),
    wallS,
  };
}

const SCENARIO = {
  name: 'interleaving',
  title: 'REST against gRPC, interleaved',
  patterns: [
    { id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' },
    { id: 'grpc', title: 'gRPC', transport: 'grpc', interaction: 'request-reply' },
  ],
  load: { shape: 'constant', ratePerS: 200 },
  durationMs: 3000,
  warmUp: { calls: 3000 },
};

/** No figures where a trial failed: that, too, is a turn. */
function cameOf(file: string, mode: Mode): Pick<Turn, 'taken' | 'found'> {
  try {
    const { a, b } = armsOf(validRecord(readStored(file), abSchema));
    const pair = { baseline: a.trials[0], candidate: b.trials[0] };
    const found = (figure: Figure) => foundIn(pair, figure, mode);
    return {
      taken: [pair.baseline, pair.candidate].map((trial) => trial?.machine.others ?? null),
      found: { response: found('response'), completion: found('completion') },
    };
  } catch (error) {
    console.error(`no comparison: ${error instanceof Error ? error.message : String(error)}`);
    return { taken: [], found: { response: null, completion: null } };
  }
}

type Pair = Parameters<typeof pairValue>[0];

function foundIn(pair: Pair, figure: Figure, mode: Mode): Found | null {
  const value = pairValue(pair, figure, mode === 'pairs' ? 'paired' : mode);
  if (!('value' in value)) return null;
  const [restUs, grpcUs] = [pair.baseline!, pair.candidate!].map((trial) => medianUs(trial, figure));
  return { restUs: restUs!, grpcUs: grpcUs!, logRatio: value.value };
}

/** Of the load that counts, without the time after each switch. */
function medianUs({ phases }: Trial, figure: Figure): number {
  const counted = phases.filter(({ name }) => name === 'baseline' || name.startsWith('block-'));
  return quantileUs(mergeSeries(counted.map((phase) => phase[figure])), 0.5) ?? Number.NaN;
}
