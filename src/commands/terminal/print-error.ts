import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { cutText } from '../../kernel/foreign/cut-text.ts';
import { CommbenchError, EXIT, isNoSpace, systemCode } from '../../kernel/errors.ts';
import { visible, visibleBlock } from '../../kernel/foreign/visible.ts';
import { type Context, wantsColor } from './context.ts';

/**
 * Says what went wrong and gives the exit code: expected errors without a stack, everything else
 * with it, because that is a defect of commbench.
 */
export function printError(context: Context, error: unknown): number {
  const { stderr } = context;
  if (error instanceof CommanderError) return printUsageError(stderr, error);
  const known = error instanceof CommbenchError ? error : (fullDisk(error) ?? tooManyFiles(error));
  if (!known) return printDefect(context, error);
  stderr.write(`commbench: ${red(context, shown(known.message))}\n`);
  const hint = known.hint ?? (known.exitCode === EXIT.badInput ? USAGE : undefined);
  if (hint !== undefined) stderr.write(`  → ${shown(hint)}\n`);
  return known.exitCode;
}

/** The remedy where the message names none. */
const USAGE = 'See `commbench --help`, or `--help` after a command.';

/** A message quotes what was found, which may be anything. */
const MOST_CHARACTERS = 4000;

function shown(text: string): string {
  return visibleBlock(cutText(text, MOST_CHARACTERS));
}

/** A full disk may be met by any write, and is never a defect: here is the net below them all. */
function fullDisk(error: unknown): CommbenchError | undefined {
  const code = systemCode(error) ?? '';
  if (!isNoSpace(code)) return undefined;
  const { path: file } = error as { path?: unknown };
  const place = typeof file === 'string' ? `to write ${file}` : 'on the disk';
  return new CommbenchError('disk-full', `No space left ${place} (${code})`, {
    hint: 'Free some space, or name another disk: TMPDIR for temporary files, --out for results.',
    cause: error,
  });
}

/** The same for the limit on open files. */
function tooManyFiles(error: unknown): CommbenchError | undefined {
  const code = systemCode(error) ?? '';
  if (!['EMFILE', 'ENFILE'].includes(code)) return undefined;
  return new CommbenchError('limit-too-low', `Too many open files (${code})`, {
    hint: 'Raise the limit in this shell: ulimit -n 4096',
    cause: error,
  });
}

/** Keeps the stack: someone has to mend this. */
function printDefect(context: Context, error: unknown): number {
  const stack = visible(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const head = red(context, 'This is a defect of commbench; please report it with these lines:');
  context.stderr.write(`commbench: ${head}\n${stack}\n`);
  return EXIT.defect;
}

function red({ stderr, env }: Context, text: string): string {
  return wantsColor(stderr, env) ? styleText('red', text, { validateStream: false }) : text;
}

/** Help and version were asked for and printed; anything else is a slip in the options. */
function printUsageError(stderr: NodeJS.WriteStream, error: CommanderError): number {
  if (error.exitCode === 0) return EXIT.done;
  // `commbench` alone prints its help and says no more.
  if (error.code === 'commander.help') return EXIT.badInput;
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n?\(Did you mean (.*)\?\)/, '. Did you mean $1?');
  stderr.write(`commbench: ${shown(message)}\n  → ${USAGE}\n`);
  return EXIT.badInput;
}
