import type { Context } from './commands/terminal/context.ts';
import { executeCommand } from './commands/execute-command.ts';
import { outputError, wholeOutput } from './commands/terminal/output.ts';
import { printError } from './commands/terminal/print-error.ts';
import { EXIT } from './kernel/errors.ts';

const context: Context = {
  stdout: wholeOutput(process.stdout),
  stderr: process.stderr,
  env: process.env,
};

// A reader that has seen enough (`commbench report x.json | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(
    error.code === 'EPIPE' ? (process.exitCode ?? EXIT.done) : printError(context, outputError(error)),
  );
});
// Nobody reads what would be said about it.
process.stderr.on('error', () => undefined);

// What nobody awaited. The reaper ends the children when this process is gone.
process.on('uncaughtException', (error) => process.exit(printError(context, error)));

try {
  await executeCommand(context, process.argv.slice(2));
} catch (error) {
  process.exitCode = printError(context, error);
}
// Nothing may keep the process alive by mistake, but what a pipe has not yet taken: 64 KiB of a longer text otherwise.
process.stdout.write('', () => process.exit());
