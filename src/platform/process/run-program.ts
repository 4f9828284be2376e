import { readFileSync } from 'node:fs';
import { CommbenchError, type ErrorCode } from '../../kernel/errors.ts';
import { programEndText, type ProgramSpec, type Spawner } from '../../kernel/program.ts';
import { untilAborted } from '../../kernel/wait.ts';
import { diskFull } from '../packages/disk-errors.ts';
import { lastOutputOf } from './last-output.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** The failed activity, in the user's words: `fetching RabbitMQ`. */
  readonly what: string;
  readonly errorCode: ErrorCode;
  readonly hint: string;
}

/** Runs a program to its end and gives what it wrote; an abort ends it first. @throws CommbenchError */
export async function runProgram(spawner: Spawner, spec: ProgramSpec, options: RunOptions): Promise<string> {
  options.signal.throwIfAborted();
  await using program = await spawner.spawn(spec);
  const end = await untilAborted(program.ended, options.signal);
  const output = readFileSync(spec.outputPath, 'utf8');
  if (end.code === 0) return output;
  if (/no space left on device|disk quota exceeded/i.test(output))
    throw diskFull(spec.cwd ?? spec.outputPath);
  const words = lastOutputOf(spec.outputPath) || 'it printed nothing';
  const failed = `${options.what} failed: ${spec.name} ${programEndText(end)}: ${words}`;
  throw new CommbenchError(options.errorCode, failed, { hint: options.hint });
}
