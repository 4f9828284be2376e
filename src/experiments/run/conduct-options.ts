import type { Command } from 'commander';
import type { Conduct } from './conduct.ts';
import { measuringExits } from '../../commands/options/help.ts';
import type { Shown } from '../../commands/terminal/printer.ts';
import {
  addReportOptions,
  allowRemoteOption,
  brokerOption,
  generatorsOption,
  outOption,
  quietOption,
  skipBrokersOption,
  strictOption,
  targetOption,
} from '../../commands/options/options.ts';

/** Options of the commands that run an experiment: `run` and `replay`. */
export interface ConductOptions extends Shown {
  readonly generators?: number;
  readonly out?: string;
  readonly strict?: true;
  readonly skipBrokers?: true;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly target?: Readonly<Record<string, string>>;
  readonly allowRemote?: readonly string[];
}

export function addConductOptions(command: Command): Command {
  return addReportOptions(command.addOption(generatorsOption()).addOption(outOption()))
    .addOption(strictOption())
    .addOption(skipBrokersOption())
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(targetOption())
    .addOption(allowRemoteOption());
}

/** The part of the wish that stands in these options. */
export function requestOf(options: ConductOptions): Omit<Conduct, 'scenario' | 'seed' | 'outPath'> {
  return {
    generators: options.generators ?? 1,
    targets: options.target ?? {},
    format: options.format,
    full: options.full ?? false,
    explain: options.explain ?? false,
    broker: options.broker ?? [],
    allowRemote: options.allowRemote ?? [],
    skipBrokers: options.skipBrokers ?? false,
    strict: options.strict ?? false,
    quiet: options.quiet ?? false,
  };
}

/** How a command that runs an experiment may end. */
export const EXPERIMENT_EXITS = measuringExits('notValid', 'thresholdMissed');
