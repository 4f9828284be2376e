import path from 'node:path';
import type { Command } from 'commander';
import { CommbenchError } from '../kernel/errors.ts';
import { createProgram } from './program.ts';
import type { Context } from './terminal/context.ts';

/** Runs the command that these arguments name. @throws CommbenchError, CommanderError: whatever the command throws */
export async function executeCommand(context: Context, args: readonly string[]): Promise<void> {
  const program = await createProgram(context, args);
  let running: Command | undefined;
  program.hook('preAction', (_, command) => void (running = command));
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    throw withFile(error, running);
  }
}

/**
 * What is found in a scenario only when it is planned (a variable that is not set, a URL without TLS) names the field, and
 * knows nothing of the file.
 */
function withFile(error: unknown, command: Command | undefined): unknown {
  if (!(error instanceof CommbenchError) || error.code !== 'bad-scenario' || !command) return error;
  const { scenario: option } = command.opts<{ scenario?: string }>();
  const place = command.registeredArguments.findIndex((argument) => argument.name() === 'scenario');
  const file: unknown = place < 0 ? option : command.processedArgs[place];
  if (typeof file !== 'string' || error.message.includes(path.basename(file))) return error;
  return new CommbenchError('bad-scenario', `${file}: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}
