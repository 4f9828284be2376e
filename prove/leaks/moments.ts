import path from 'node:path';
import { openEvidence } from './evidence.ts';
import { openGround } from './ground.ts';
import { sweep } from './left.ts';
import { moments as disk } from './moments/disk.ts';
import { MOMENT_PLAN, type Moment, type MomentVerdict } from './moments/moment.ts';
import { moments as namespace } from './moments/namespace.ts';
import { moments as pause } from './moments/pause.ts';
import { moments as asleep } from './moments/sleep.ts';
import { moments as stop } from './moments/stop.ts';
import { moments as together } from './moments/together.ts';
import { startCommand } from './started.ts';

const KINDS: Readonly<Record<string, readonly Moment[]>> = {
  stop,
  pause,
  disk,
  namespace,
  sleep: asleep,
  together,
};

export const MOMENT_KINDS: readonly string[] = Object.keys(KINDS);

/** Every moment of these kinds, each once; what passed before is not repeated. */
export async function runMoments(root: string, kinds: readonly string[]): Promise<number> {
  using ground = openGround(root);
  const evidence = openEvidence<MomentVerdict>(
    path.join(root, 'docs/evidence/leaks-moments.json'),
    MOMENT_PLAN,
    1,
  );
  // Installed and fetched at once: a network of its own has no registry.
  await startCommand(['up'], ground).ended;
  await startCommand(['down'], ground).ended;
  const all = kinds.flatMap((kind) => KINDS[kind] ?? []);
  let failed = 0;
  for (const moment of all) {
    const earlier = evidence.passed(moment.id);
    const verdict = earlier ?? (await met(moment, ground));
    if (!earlier) evidence.add(verdict);
    if (verdict.problems.length > 0) failed++;
    console.log(`${inWords(verdict)}${earlier ? ' (earlier)' : ''}`);
  }
  console.log(`${all.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function met(moment: Moment, ground: ReturnType<typeof openGround>): Promise<MomentVerdict> {
  try {
    return await moment.run(ground);
  } finally {
    sweep(ground);
  }
}

function inWords({ id, end, endedAfterMs, goneAfterMs, problems }: MomentVerdict): string {
  const outcome = problems.length === 0 ? 'ok' : problems.join('; ');
  return `${id}: ended with ${end} after ${endedAfterMs} ms, all gone ${goneAfterMs} ms later: ${outcome}`;
}
