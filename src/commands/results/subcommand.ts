import type { Command } from 'commander';
import type { Context } from '../terminal/context.ts';

/** A command behind `commbench results`: what a file of this folder exports as `definition`. */
export interface ResultsSubcommand {
  readonly name: string;
  readonly create: (context: Context) => Command;
}
