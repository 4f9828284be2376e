import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommbenchError } from '../../kernel/errors.ts';
import {
  programEndText,
  type Program,
  type ProgramEnd,
  type ProgramSpec,
  type Spawner,
} from '../../kernel/program.ts';
import { lastOutputText } from './last-output.ts';
import { noSpaceIn } from './no-space.ts';

const ASK_AGAIN_MS = 25;

/** A program as messages speak of it. */
export interface ProgramLabel {
  /** `RabbitMQ` */
  readonly title: string;
  /** Its last output, from wherever it writes; empty where there is none. */
  lastOutputOf(program: Program): string;
}

/** Probes until the program is ready; at the end of the time, throws its last error. */
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

/** The wait for a program. */
export interface Readiness {
  readonly label: ProgramLabel;
  /** Bounds it. */
  readonly signal: AbortSignal;
  /** Resolves when the program is ready. */
  useful(signal: AbortSignal): Promise<unknown>;
}

/**
 * Starts a program and waits until it is ready; ends it where it is not. @throws CommbenchError with its last output
 */
export async function startUntilUseful(
  spawner: Spawner,
  spec: ProgramSpec,
  { label, signal, ...readiness }: Readiness,
): Promise<Program> {
  const program = await spawner.spawn(spec);
  const over = new AbortController();
  const ended = program.ended.then((end): never => {
    throw notStarted(label, howItEnded(label, program, end));
  });
  ended.catch(() => undefined);
  try {
    await Promise.race([readiness.useful(AbortSignal.any([signal, over.signal])), ended]);
    return program;
  } catch (error) {
    over.abort();
    await program.stop();
    if (!signal.aborted || isTimeOut(signal)) {
      const full = noSpaceIn(path.dirname(program.outputPath));
      if (full) throw full;
    }
    if (!signal.aborted || error instanceof CommbenchError) throw error;
    if (!isTimeOut(signal)) throw signal.reason;
    const late = `${program.name} was not ready in time (${String(error)})`;
    throw notStarted(label, `${late}; ${lastOutputText(label.lastOutputOf(program))}`);
  }
}

function isTimeOut({ reason }: AbortSignal): boolean {
  return (reason as Error | undefined)?.name === 'TimeoutError';
}

/** The end of a program in words, with its last output. */
export function howItEnded(label: ProgramLabel, program: Program, end: ProgramEnd): string {
  return `${program.name} ${programEndText(end)}; ${lastOutputText(label.lastOutputOf(program))}`;
}

function notStarted({ title }: ProgramLabel, what: string): CommbenchError {
  return new CommbenchError('no-broker', `${title} did not start: ${what}`, {
    hint: 'Run `commbench doctor`; on a busy machine, try again.',
  });
}
