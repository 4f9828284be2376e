import { executeCommand } from '../../src/commands/execute-command.ts';
import { printError } from '../../src/commands/terminal/print-error.ts';
import { EXIT } from '../../src/kernel/errors.ts';
import type { Ran } from './cli.ts';

const exitCode = () => Number(process.exitCode ?? EXIT.done);

/** The program without a process of its own, for what needs none: commands that start nothing. */
export async function commbenchInside(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const text = { stdout: '', stderr: '' };
  const streamOf = (name: keyof typeof text) =>
    ({ write: (more: string) => (text[name] += more) !== '' }) as unknown as NodeJS.WriteStream;
  const context = { stdout: streamOf('stdout'), stderr: streamOf('stderr'), env };
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await executeCommand(context, args);
    return { code: exitCode(), ...text };
  } catch (error) {
    return { code: printError(context, error), ...text };
  } finally {
    process.exitCode = before;
  }
}
