import type { Context } from './commands/terminal/context.ts';
import { createProgram } from './commands/program.ts';
import { printDefect, printError } from './commands/terminal/print-error.ts';
import { EXIT } from './kernel/errors.ts';

const context: Context = { stdout: process.stdout, stderr: process.stderr, env: process.env };

// A reader that has seen enough (`commbench report x.json | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : printError(context, error));
});

// What nobody awaited. The reaper ends the children when this process is gone.
process.on('uncaughtException', (error) => process.exit(printDefect(context, error)));

try {
  const program = await createProgram(context, process.argv.slice(2));
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = printError(context, error);
}
// Nothing may keep the process alive by mistake, but what a pipe has not yet taken: 64 KiB of a longer text otherwise.
process.stdout.write('', () => process.exit());
