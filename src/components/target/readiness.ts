import { onAbort } from '../../kernel/wait.ts';
import { get, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../../kernel/program.ts';
import { withEnvironment } from '../../kernel/text-template.ts';
import { hostOfUrl } from '../../platform/net/endpoint.ts';
import { secureOptions } from '../../platform/net/secure.ts';
import { watchOutput } from '../../platform/process/last-output.ts';
import type { PatternTarget } from '../../plan/spec.ts';
import { redactUrl } from '../../kernel/redact.ts';

const READY_MS = 30_000;
/** Time between two probes of readiness. */
const POLL_EVERY_MS = 20;
/** Bound on one probe: a port that does not respond is not ready. */
const POLL_MS = 1000;

/**
 * Waits until the program of a target can be called.
 * @returns the reason in words where it was not ready in time
 */
export async function untilTargetReady(
  target: PatternTarget,
  program: Program,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { withinMs = READY_MS } = target.ready ?? {};
  const bound = AbortSignal.timeout(withinMs);
  const { what, look } = readiness(target, program, AbortSignal.any([signal, bound]));
  while (!(await look())) {
    signal.throwIfAborted();
    if (bound.aborted) return `was not ready within ${withinMs} ms: ${what}`;
    await sleep(POLL_EVERY_MS);
  }
  return undefined;
}

/** The readiness condition in words of the scenario (values of the environment are in no result), and its probe. */
function readiness(
  { listensAt, ready, tls }: PatternTarget,
  program: Program,
  signal: AbortSignal,
): { what: string; look: () => Promise<boolean> } {
  const filled = withEnvironment(ready, process.env);
  if (ready?.line !== undefined) {
    const isHeard = watchOutput(program.outputPath, filled!.line!);
    return {
      what: 'its output does not contain the `line` of `ready`',
      look: async () => isHeard(),
    };
  }
  if (ready?.url !== undefined) {
    return {
      what: `${redactUrl(ready.url)} does not answer with a 2xx or 3xx`,
      look: () => answers(filled!.url!, tls, signal),
    };
  }
  const { host, port } = { ...listensAt, ...(ready?.port === undefined ? {} : { port: ready.port }) };
  return { what: `no process listens on port ${port}`, look: () => isOpen(host, port, signal) };
}

async function answers(url: string, tls: PatternTarget['tls'], signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(POLL_MS)]);
  const { promise, resolve } = Promise.withResolvers<number>();
  const options = { agent: false, signal: within } as const;
  const onAnswer = ({ statusCode = 0 }: IncomingMessage) => resolve(statusCode);
  const request = url.startsWith('https:')
    ? getSecurely(url, { ...options, ...secureOptions(tls ?? { insecure: false }, hostOfUrl(url)) }, onAnswer)
    : get(url, options, onAnswer);
  request.once('error', () => resolve(0));
  const status = await promise;
  request.destroy();
  return status >= 200 && status < 400;
}

/** Whether a process listens there. */
export async function isOpen(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host, port });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const within = AbortSignal.any([signal, AbortSignal.timeout(POLL_MS)]);
  const give = () => resolve(false);
  using _listener = onAbort(within, give);
  socket.once('connect', () => resolve(true)).once('error', give);
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
