import { readFileSync } from 'node:fs';
import { CommbenchError, type ErrorCode } from '../../kernel/errors.ts';
import type { Program, ProgramSpec, Spawner } from '../../kernel/program.ts';
import { diskFull } from '../packages/disk-errors.ts';
import { lastWords } from './last-words.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** What failed, in the user's words: `fetching RabbitMQ`. */
  readonly what: string;
  readonly errorCode: ErrorCode;
  readonly hint: string;
}

/** Runs a program to its end and gives what it wrote; an abort ends it first. @throws CommbenchError */
export async function runProgram(spawner: Spawner, spec: ProgramSpec, options: RunOptions): Promise<string> {
  options.signal.throwIfAborted();
  await using program = await spawner.spawn(spec);
  const end = await endOrAbort(program, options.signal);
  const output = readFileSync(spec.outputPath, 'utf8');
  if (end.code === 0) return output;
  if (/no space left on device|disk quota exceeded/i.test(output))
    throw diskFull(spec.cwd ?? spec.outputPath);
  const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
  const words = lastWords(spec.outputPath) || 'it said nothing';
  throw new CommbenchError(options.errorCode, `${options.what} failed: ${spec.name} ${how}: ${words}`, {
    hint: options.hint,
  });
}

async function endOrAbort(program: Program, signal: AbortSignal) {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) onAbort();
    return await Promise.race([program.ended, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
