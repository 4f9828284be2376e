import { Command } from 'commander';
import { visible } from '../kernel/foreign/visible.ts';
import { ownVersion } from '../record/environment.ts';
import { allCommands } from './commands.ts';
import { type CommandDefinition, commandName } from './terminal/command-definition.ts';
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
export async function createProgram(given: Context, args: readonly string[]): Promise<Command> {
  const pending: Promise<void>[] = [];
  const context: Context = { ...given, pending };
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
  const definitions = await allCommands();
  const isNamed = (definition: CommandDefinition) => args.includes(commandName(definition));
  const isAll = definitions.some((definition) => definition.needsAll && isNamed(definition));
  for (const definition of definitions) {
    const { usage, summary } = definition;
    if (isAll || isNamed(definition)) {
      const create = await definition.load();
      program.addCommand(create(context).description(summary));
    } else program.command(usage).description(summary);
  }
  program.hook('preAction', (_, command) => takeDefaults(context, command));
  program.hook('postAction', async () => void (await Promise.all(pending)));
  for (const command of withNested(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      // Errors are thrown as well, and printed once, by cli.ts.
      outputError: () => {},
    });
  }
  return program;
}

function withNested(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withNested)];
}

/** Values of the user's configuration file. Help and version need none of it. */
async function takeDefaults({ stderr, env }: Context, command: Command): Promise<void> {
  const { findConfig } = await import('./options/config-file.ts');
  const config = await findConfig(env);
  if (!config) return;
  const { applyDefaults } = await import('./options/config-defaults.ts');
  const { texts } = applyDefaults(command, config);
  const isQuiet = command.getOptionValue('quiet') === true;
  if (texts.length > 0 && !isQuiet)
    stderr.write(visible(`Options of ${config.file}: ${texts.join(' ')}`) + '\n');
}
