import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeEnvironment } from '../src/record/environment.ts';
import { openCheckout } from './checkout.ts';
import { runScenario } from './run-scenario.ts';

/**
 * `npm run prove -- capacity [ROUNDS]`: 10 slots × 20 ms are 500/s, and on real processes 450 to 500: what is lost is the
 * way of a message and this machine's lateness, never more than a tenth. A closed loop of 32 callers asks for as much as
 * there is. Under a virtual clock it is 500 exactly (test/components/service/capacity.test.ts).
 */
const EVIDENCE = path.resolve(import.meta.dirname, '../docs/evidence/capacity.json');
const [FEWEST, MOST] = [450, 500];

const SCENARIO = {
  name: 'capacity',
  title: 'What 10 slots of 20 ms can do',
  contract: 'users',
  patterns: [
    { id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' },
    { id: 'grpc', title: 'gRPC', transport: 'grpc', interaction: 'request-reply' },
  ],
  service: { concurrency: 10, queue: 100, processingMs: 20 },
  load: { shape: 'constant', ratePerS: 50 },
  durationMs: 1000,
  noop: false,
  warmUp: { calls: 500, concurrency: 32, probeMs: 3000 },
};

export async function run(args: string[]): Promise<number> {
  const rounds = Number(args[0] ?? 5);
  const text = JSON.stringify({ ...SCENARIO, rounds });
  using checkout = openCheckout(path.resolve(import.meta.dirname, '..'));
  const result = await runScenario(checkout.folder, 'capacity', { name: 'capacity', text, seed: 1 });
  if (!result) return 1;
  const found = result.trials.map(({ pattern, capacity, machine }) => {
    const perS = capacity.acknowledgedPerS ?? 0;
    return { pattern, perS, others: machine.others, isWithin: perS >= FEWEST && perS <= MOST };
  });
  for (const { pattern, perS, others, isWithin } of found) {
    const busy = others === null ? '' : `, other processes ${Math.round(others * 100)} % of the machine`;
    console.log(
      `${pattern}: ${Math.round(perS)}/s${busy}: ${isWithin ? 'ok' : `expected ${FEWEST}–${MOST}/s`}`,
    );
  }
  const { cpu, cores, os, kernel, commbench } = describeEnvironment();
  const evidence = {
    commbench,
    machine: { cpu, cores, system: os, kernel },
    concurrency: 10,
    processingMs: 20,
    found,
  };
  writeFileSync(EVIDENCE, `${JSON.stringify(evidence, null, 1)}\n`);
  const failed = found.filter(({ isWithin }) => !isWithin).length;
  console.log(`${found.length - failed} passed, ${failed} failed`);
  return failed === 0 && found.length > 0 ? 0 : 1;
}
