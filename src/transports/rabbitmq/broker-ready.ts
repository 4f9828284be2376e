import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastWords } from '../../kernel/last-words.ts';
import type { StartedBroker } from '../../kernel/broker.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Program, ProgramEnd } from '../../kernel/program.ts';
import { proveReady } from './broker-connection.ts';

/** Asks until the broker confirms a message; at the end of the time, the last refusal. */
export async function untilReady(url: string, signal: AbortSignal): Promise<string> {
  for (let lastError: unknown; ;) {
    try {
      return await proveReady(url, signal);
    } catch (error) {
      if (signal.aborted) throw lastError ?? error;
      lastError = error;
      await sleep(25, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Waits for a program to be of use, but no longer than it lives. @throws CommbenchError with its last words */
export async function orItsEnd<T>(
  program: Program,
  signal: AbortSignal,
  useful: (s: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const bounded = AbortSignal.any([signal, over.signal]);
  const died = program.ended.then((end) => {
    throw brokerFailed(howItEnded(program, end));
  });
  try {
    return await Promise.race([useful(bounded), died]);
  } catch (error) {
    if (!signal.aborted || error instanceof CommbenchError) throw error;
    if ((signal.reason as Error).name !== 'TimeoutError') throw signal.reason;
    throw brokerFailed(`${program.name} was not ready in time (${String(error)}); ${words(program)}`);
  } finally {
    died.catch(() => undefined);
    over.abort();
  }
}

/** How a started broker ends: with its last words when nobody asked it to, else by disposing of all that it owns. */
export function endOf(
  program: Program,
  owned: AsyncDisposableStack,
): Pick<StartedBroker, 'lost' | typeof Symbol.asyncDispose> {
  let isStopping = false;
  return {
    lost: program.ended.then((end) =>
      isStopping ? new Promise<string>(() => undefined) : howItEnded(program, end),
    ),
    async [Symbol.asyncDispose]() {
      isStopping = true;
      await owned.disposeAsync();
    },
  };
}

function brokerFailed(what: string): CommbenchError {
  return new CommbenchError('no-broker', `RabbitMQ did not start: ${what}`, {
    hint: 'Run `commbench doctor`; a machine that is busy otherwise may need another try.',
  });
}

function howItEnded(program: Program, end: ProgramEnd): string {
  const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
  return `${program.name} ${how}; ${words(program)}`;
}

function words(program: Program): string {
  const log = path.join(path.dirname(program.outputPath), 'log/rabbit.log');
  const said = lastWords(program.outputPath) || lastWords(log);
  return said === '' ? 'it said nothing' : `its last words: ${said}`;
}
