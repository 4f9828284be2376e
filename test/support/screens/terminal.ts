import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { CLI, ENVIRONMENT } from '../cli.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What stands in a terminal after a command, line by line. */
export interface Shown {
  readonly lines: readonly string[];
  /** With its colours. */
  readonly raw: string;
}

/**
 * Runs the program in a pseudo-terminal of that size, as its user sees it (util-linux's script, which every Debian
 * has).
 */
export function inTerminal(
  args: readonly string[],
  { columns, rows }: TerminalSize,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Shown {
  const words = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
  const command = `stty rows ${rows} cols ${columns} && exec ${words}`;
  const { stdout, error } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...ENVIRONMENT, TERM: 'xterm', ...env },
  });
  if (error) throw new Error('Expected util-linux `script`, found none', { cause: error });
  const raw = stdout.replaceAll('\r\n', '\n');
  return { raw, lines: stripVTControlCharacters(raw).trimEnd().split('\n') };
}
