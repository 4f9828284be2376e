import { setTimeout as sleep } from 'node:timers/promises';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Program, ProgramEnd, ProgramSpec, Spawner } from '../../kernel/program.ts';

const ASK_AGAIN_MS = 25;

/** A program as messages speak of it. */
export interface Speaker {
  /** `RabbitMQ` */
  readonly title: string;
  /** What it said last, wherever it says it; empty where it said nothing. */
  lastWords(program: Program): string;
}

/** Asks until the broker proves to be of use; at the end of the time, its last refusal. */
export async function untilReady<T>(
  prove: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let lastError: unknown; ;) {
    try {
      return await prove(signal);
    } catch (error) {
      if (signal.aborted) throw lastError ?? error;
      lastError = error;
      await sleep(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** How a program is awaited. */
export interface Readiness {
  readonly speaker: Speaker;
  /** Bounds it. */
  readonly signal: AbortSignal;
  /** Resolves when the program is of use. */
  useful(signal: AbortSignal): Promise<unknown>;
}

/** Starts a program and waits until it is of use; ends it where it is not. @throws CommbenchError with its last output */
export async function startUntilUseful(
  spawner: Spawner,
  spec: ProgramSpec,
  { speaker, signal, ...readiness }: Readiness,
): Promise<Program> {
  const program = await spawner.spawn(spec);
  try {
    await orItsEnd(speaker, program, signal, (s) => readiness.useful(s));
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** Waits for a program to be of use, but no longer than it lives. @throws CommbenchError with its last words */
async function orItsEnd<T>(
  speaker: Speaker,
  program: Program,
  signal: AbortSignal,
  useful: (s: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const bounded = AbortSignal.any([signal, over.signal]);
  const died = program.ended.then((end) => {
    throw brokerFailed(speaker, howItEnded(speaker, program, end));
  });
  try {
    return await Promise.race([useful(bounded), died]);
  } catch (error) {
    if (!signal.aborted || error instanceof CommbenchError) throw error;
    if ((signal.reason as Error).name !== 'TimeoutError') throw signal.reason;
    const last = words(speaker, program);
    throw brokerFailed(speaker, `${program.name} was not ready in time (${String(error)}); ${last}`);
  } finally {
    died.catch(() => undefined);
    over.abort();
  }
}

/** In words: how the program ended, and what it said last. */
export function howItEnded(speaker: Speaker, program: Program, end: ProgramEnd): string {
  const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
  return `${program.name} ${how}; ${words(speaker, program)}`;
}

function brokerFailed({ title }: Speaker, what: string): CommbenchError {
  return new CommbenchError('no-broker', `${title} did not start: ${what}`, {
    hint: 'Run `commbench doctor`; a machine that is busy otherwise may need another try.',
  });
}

function words(speaker: Speaker, program: Program): string {
  const said = speaker.lastWords(program);
  return said === '' ? 'it said nothing' : `its last words: ${said}`;
}
