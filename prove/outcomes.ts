import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { loadScenario } from '../src/scenario/load/load.ts';
import { type Checkout, openCheckout } from './checkout.ts';
import { type Evidence, openEvidence, type Shown } from './outcomes/evidence.ts';
import { EXPECTED } from './outcomes/expected.ts';
import type { Expected } from './outcomes/outcome.ts';
import { withoutFaults } from './outcomes/without-faults.ts';
import { runScenario } from './run-scenario.ts';

/**
 * `npm run prove -- outcomes [SEEDS] [SCENARIO ...] [--without-faults] [--again]`: every fault scenario with seeds 1 to
 * SEEDS (5), and whether it shows what was expected of it before the first run. Exit 1 if something does not hold.
 * With `--without-faults` nothing happens in them, and so it must fail. Resumable: one line of evidence for each
 * scenario and seed; with `--again` those that did not hold are repeated, and counted.
 */
const ROOT = path.resolve(import.meta.dirname, '..');

interface Plan {
  readonly checkout: Checkout;
  readonly seeds: number;
  readonly isFaulted: boolean;
  readonly isAgain: boolean;
  readonly evidence: Evidence;
}

export async function run(args: string[]): Promise<number> {
  const isFaulted = !args.includes('--without-faults');
  const seeds = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 5);
  const names = args.filter((arg) => !arg.startsWith('--') && !/^\d+$/.test(arg));
  const unknown = names.filter((name) => !EXPECTED.some(({ scenario }) => scenario === name));
  if (unknown.length > 0) {
    console.error(
      `outcomes: expected some of ${EXPECTED.map(({ scenario }) => scenario).join(', ')}, found ${unknown.join(', ')}`,
    );
    return 2;
  }
  const file = isFaulted ? 'outcomes.jsonl' : 'outcomes-without-faults.jsonl';
  const evidence = openEvidence(path.join(ROOT, 'docs/evidence', file));
  using checkout = openCheckout(ROOT);
  const plan: Plan = { checkout, seeds, isFaulted, isAgain: args.includes('--again'), evidence };
  const wanted = EXPECTED.filter(({ scenario }) => names.length === 0 || names.includes(scenario));
  // Awaited here: the checkout goes when this function ends.
  const failed = await showAll(wanted, plan);
  return failed === 0 ? 0 : 1;
}

/** Seed by seed, so that an early end has seen every scenario. @returns how many did not hold */
async function showAll(wanted: readonly Expected[], plan: Plan): Promise<number> {
  let failed = 0;
  for (let seed = 1; seed <= plan.seeds; seed++) {
    for (const expected of wanted) {
      const shown = await show(expected, seed, plan);
      if (!shown) {
        failed++;
        continue;
      }
      const wrong = shown.outcomes.filter((one) => one.found !== one.expected);
      if (wrong.length > 0) failed++;
      console.log(
        `${expected.scenario}, seed ${seed}: ${shown.outcomes.length - wrong.length} of ${shown.outcomes.length} (${shown.wallS} s)`,
      );
      for (const { what, expected: due, found } of wrong)
        console.log(`  ${what}: expected ${due}, found ${found}`);
    }
  }
  console.log(`${wanted.length * plan.seeds - failed} passed, ${failed} failed`);
  return failed;
}

/** @returns undefined: the run came to no result, which shows nothing and is no evidence */
async function show(
  expected: Expected,
  seed: number,
  { checkout, isFaulted, isAgain, evidence }: Plan,
): Promise<Shown | undefined> {
  const file = path.join(checkout.folder, 'scenarios', `${expected.scenario}.yaml`);
  const written = readFileSync(file, 'utf8');
  const text = isFaulted ? written : JSON.stringify(withoutFaults((await loadScenario(file, [])).scenario));
  const key = keyOf(written, expected);
  const before = evidence.of(expected.scenario, seed);
  const isSame = before?.key === key;
  if (isSame && (!isAgain || before.outcomes.every((one) => one.found === one.expected))) return before;
  const name = `${expected.scenario}-${seed}${isFaulted ? '' : '-without-faults'}`;
  const beganMs = performance.now();
  const result = await runScenario(checkout.folder, 'outcomes', { name, text, seed });
  if (!result) return undefined;
  const shown: Shown = {
    scenario: expected.scenario,
    seed,
    key,
    commit: checkout.commit,
    attempt: isSame ? before.attempt + 1 : 1,
    outcomes: expected.outcomes.map((outcome) => ({
      what: outcome.what,
      expected: outcome.expected,
      found: outcome.found(result),
    })),
    measured: countOf(result.trials.map(({ validity }) => validity.verdict)),
    wallS: Math.round((performance.now() - beganMs) / 1000),
  };
  evidence.add(shown);
  return shown;
}

/**
 * @param text of the scenario's file. Its comments do not count; with defaults filled in, every new field would call for
 * new runs
 */
function keyOf(text: string, { outcomes }: Expected): string {
  const list = outcomes.map(({ what, expected }) => [what, expected]);
  return createHash('sha256')
    .update(JSON.stringify([parse(text), list]))
    .digest('hex')
    .slice(0, 16);
}

function countOf(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of words) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
