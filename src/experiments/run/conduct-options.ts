import type { Command } from 'commander';
import { type Format, FORMATS } from '../../report/formats/reporters.ts';
import type { Conduct } from './conduct.ts';
import { measuringExits } from '../../commands/options/help.ts';
import {
  allowRemoteOption,
  brokerOption,
  explainOption,
  formatOption,
  generatorsOption,
  outOption,
  quietOption,
  skipBrokersOption,
  strictOption,
  targetOption,
} from '../../commands/options/options.ts';

/** Options of the commands that run an experiment: `run` and `replay`. */
export interface ConductOptions {
  readonly generators?: number;
  readonly out?: string;
  readonly format: Format;
  readonly explain?: true;
  readonly strict?: true;
  readonly skipBrokers?: true;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly target?: Readonly<Record<string, string>>;
  readonly allowRemote?: readonly string[];
}

export function addConductOptions(command: Command): Command {
  return command
    .addOption(generatorsOption())
    .addOption(outOption())
    .addOption(formatOption(FORMATS))
    .addOption(explainOption())
    .addOption(strictOption())
    .addOption(skipBrokersOption())
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(targetOption())
    .addOption(allowRemoteOption());
}

/** The part of the wish that stands in these options. */
export function wishOf(options: ConductOptions): Omit<Conduct, 'scenario' | 'seed' | 'outPath'> {
  return {
    generators: options.generators ?? 1,
    targets: options.target ?? {},
    format: options.format,
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
