import type { Command } from 'commander';
import type { Context } from './context.ts';

/** A command as the list of commands shows it. Its options and its code are loaded when it is named. */
export interface CommandDefinition {
  /** Its name and arguments: `run <scenario>`. */
  readonly usage: string;
  readonly summary: string;
  /** Its place in that list. */
  readonly rank: number;
  /** It is about all commands: where it is named, all are loaded. */
  readonly needsAll?: true;
  load(): Promise<(context: Context) => Command>;
}

export function commandName({ usage }: CommandDefinition): string {
  return usage.split(' ', 1)[0]!;
}
