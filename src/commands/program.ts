import { Command } from 'commander';
import { ownVersion } from '../record/environment.ts';
import { allCommands } from './commands.ts';
import { commandName } from './terminal/command-definition.ts';
import type { Context } from './terminal/context.ts';

const AFTER = `
Examples:
  commbench run pattern-comparison      the guides' table of five patterns: claimed, and measured
  commbench run quick                   all five, once each, in about a minute
  commbench run circuit-breaker         one dependency slows down, then fails: the effect of each policy
  commbench run cascade                 a leaf is killed, frozen, slow: how far it spreads, and over a broker
  commbench list                        everything else
  commbench list faults                 what can be broken, with units and defaults; so does list policies
  commbench init && commbench run scenario.yaml
  commbench run --help                  options, examples and exit codes of a command

Results go to standard output, progress to standard error.`;

/**
 * The program with every command; only those that `args` names can be parsed, as all others are not loaded.
 * Parsing throws and never ends the process: that is cli.ts's.
 */
export async function createProgram(context: Context, args: readonly string[]): Promise<Command> {
  const program = new Command('commbench')
    .description(
      'Measures how microservices talk to each other: same open-loop load, real brokers, injected faults.',
    )
    .version(ownVersion())
    // All commands have options; `[options]` on each line would only take room.
    .configureHelp({
      subcommandTerm: (command) =>
        `${command.name()} ${command.usage().replace(/^\[options\] ?/, '')}`.trim(),
    })
    .addHelpText('after', AFTER);
  for (const definition of await allCommands()) {
    const { usage, summary } = definition;
    if (args.includes(commandName(definition))) {
      const create = await definition.load();
      program.addCommand(create(context).description(summary));
    } else program.command(usage).description(summary);
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      // Errors are thrown as well, and printed once, by cli.ts.
      outputError: () => {},
    });
  }
  return program;
}
