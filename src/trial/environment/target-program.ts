import { get } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommbenchError } from '../../kernel/errors.ts';
import { lastWords, watchOutput } from '../../platform/process/last-words.ts';
import type { Program } from '../../kernel/program.ts';
import { withEnvironment } from '../../kernel/text-template.ts';
import { shownUrl } from '../../scenario/load/target-secrets.ts';
import type { CalleeContext } from './callee-context.ts';
import { portOf } from './proxy-run.ts';
import type { Rig } from './rig.ts';
import type { RowTarget } from '../../plan/spec.ts';
import { wordsOf } from '../words.ts';

const READY_MS = 30_000;
const STOP = { signal: 'SIGTERM', withinMs: 2000 } as const;
/** From one look at whether it is ready to the next. */
const LOOK_EVERY_MS = 20;
/** One look may take so long: a port that does not answer is not ready. */
const LOOK_MS = 1000;

/** The user's program behind a target, running and ready. Disposing ends it as its scenario says. */
export interface TargetProgram extends AsyncDisposable {
  readonly pid: number;
  /** Rejects with its last words when it ends although nobody asked it to; never resolves. */
  readonly lost: Promise<never>;
}

/**
 * Starts it and waits until it can be called.
 * @throws CommbenchError child-failed: its port is taken, it ended (with its last words), or it was not ready in time
 */
export async function startTargetProgram(
  rig: Rig,
  target: RowTarget,
  { name, signal }: CalleeContext,
): Promise<TargetProgram> {
  const { command, cwd, env = {}, stop = STOP } = withEnvironment(target, process.env);
  const [file, ...args] = wordsOf(command!);
  if (!target.isBroker) await refuseTaken(target, signal);
  const program = await rig.spawner.spawn({
    name: `target-${name}`,
    file: file!,
    args,
    env,
    ...(cwd === undefined ? {} : { cwd }),
    outputPath: path.join(rig.folder, `target-${name}.log`),
    graceMs: stop.withinMs,
  });
  let isOver = false;
  const lost = program.ended.then(({ code, signal: by }): Promise<never> => {
    if (isOver) return new Promise(() => {});
    throw targetFailed(`ended ${by ? `by ${by}` : `with code ${code}`}`, program);
  });
  lost.catch(() => undefined);
  const end = async (): Promise<void> => {
    isOver = true;
    await stopBy(program, stop);
  };
  try {
    await Promise.race([untilReady(target, program, signal), lost]);
  } catch (error) {
    await end();
    throw error;
  }
  return { pid: program.pid, lost, [Symbol.asyncDispose]: end };
}

/** By its own signal first; what that leaves is ended as every program is. */
async function stopBy(program: Program, { signal, withinMs }: NonNullable<RowTarget['stop']>): Promise<void> {
  if (signal !== 'SIGTERM') {
    const late = new AbortController();
    await program.signal('SIGCONT');
    await program.signal(signal);
    const bound = sleep(withinMs, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([program.ended, bound]);
    late.abort();
  }
  await program.stop();
}

/** Another process there would be measured in place of the one that can't have the port. */
async function refuseTaken({ url }: RowTarget, signal: AbortSignal): Promise<void> {
  const { host, port } = portOf({ url });
  if (!(await isOpen(host, port, signal))) return;
  throw new CommbenchError(
    'child-failed',
    `Expected the port ${port} to be free for the program of the target, found somebody listening there`,
    { hint: 'End what listens there, or give the target another port in `url` and `command`.' },
  );
}

async function untilReady(target: RowTarget, program: Program, signal: AbortSignal): Promise<void> {
  const { withinMs = READY_MS } = target.ready ?? {};
  const bound = AbortSignal.timeout(withinMs);
  const { what, look } = readiness(target, program, AbortSignal.any([signal, bound]));
  while (!(await look())) {
    signal.throwIfAborted();
    if (bound.aborted) throw targetFailed(`was not ready within ${withinMs} ms: ${what}`, program);
    await sleep(LOOK_EVERY_MS);
  }
}

/** What is waited for, as the scenario says it (what the environment says is in no result), and how to look whether it is so. */
function readiness(
  { url, ready }: RowTarget,
  program: Program,
  signal: AbortSignal,
): { what: string; look: () => Promise<boolean> } {
  const filled = withEnvironment(ready, process.env);
  if (ready?.line !== undefined) {
    const isHeard = watchOutput(program.outputPath, filled!.line!);
    return {
      what: `its output does not hold ${JSON.stringify(ready.line)}`,
      look: async () => isHeard(),
    };
  }
  if (ready?.url !== undefined) {
    return {
      what: `${shownUrl(ready.url)} does not answer with a 2xx or 3xx`,
      look: () => answers(filled!.url!, signal),
    };
  }
  const own = portOf({ url });
  const { host, port } = ready?.port === undefined ? own : { host: own.host, port: ready.port };
  return { what: `nobody listens on port ${port}`, look: () => isOpen(host, port, signal) };
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  const { promise, resolve } = Promise.withResolvers<number>();
  const request = get(url, { agent: false, signal: within }, ({ statusCode = 0 }) => resolve(statusCode));
  request.once('error', () => resolve(0));
  const status = await promise;
  request.destroy();
  return status >= 200 && status < 400;
}

async function isOpen(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host, port });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const within = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  const give = () => resolve(false);
  within.addEventListener('abort', give, { once: true });
  socket.once('connect', () => resolve(true)).once('error', give);
  try {
    return await promise;
  } finally {
    within.removeEventListener('abort', give);
    socket.destroy();
  }
}

function targetFailed(what: string, { outputPath }: Program): CommbenchError {
  const words = lastWords(outputPath);
  const said = words === '' ? 'it said nothing' : `its last words: ${words}`;
  return new CommbenchError(
    'child-failed',
    `Expected the target's program to run, found that it ${what}; ${said}`,
  );
}
