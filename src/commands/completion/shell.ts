import type { ShellCommand } from './command-tree.ts';

/** A shell: a file in `shells/` exports it as `definition`. */
export interface Shell {
  readonly name: string;
  /** How its script is installed, as a line of shell. */
  readonly install: string;
  readonly script: (tree: ShellCommand) => string;
}

/** A word of a shell script, whatever is in it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
