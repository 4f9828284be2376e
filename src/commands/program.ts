import { Command } from 'commander';
import { describeEnvironment } from '../record/environment.ts';
import { abCommand } from '../experiments/ab/command.ts';
import { calibrateCommand } from '../experiments/calibrate/command.ts';
import { claimsCommand } from './claims.ts';
import { compareCommand } from './compare.ts';
import type { Context } from './terminal/context.ts';
import { crossoverCommand } from '../experiments/crossover/command.ts';
import { doctorCommand } from './doctor.ts';
import { downCommand } from './down.ts';
import { exitsText } from './options/help.ts';
import { initCommand } from './init.ts';
import { listCommand } from './list.ts';
import { replayCommand } from '../experiments/run/replay-command.ts';
import { reportCommand } from './report.ts';
import { runCommand } from '../experiments/run/command.ts';
import { schemaCommand } from './schema.ts';
import { selftestCommand } from '../experiments/selftest/command.ts';
import { statusCommand } from './status.ts';
import { sweepCommand } from '../experiments/sweep/command.ts';
import { upCommand } from './up.ts';

const AFTER = `
Examples:
  commbench run pattern-comparison      the guides' table of five patterns: said, and found
  commbench run quick                   all five, once each, in about a minute
  commbench run circuit-breaker         one dependency slows down, then fails: what each policy makes of it
  commbench run cascade                 a leaf is killed, frozen, slow: how far it spreads, and over a broker
  commbench list                        what else there is
  commbench list faults                 what can be broken, with units and defaults; so does list policies
  commbench init && commbench run scenario.yaml
  commbench run --help                  options, examples and exit codes of a command

Results go to standard output, progress to standard error.`;

/** Every command; parsing throws and never ends the process: that is cli.ts's. */
export function createProgram(context: Context): Command {
  const program = new Command('commbench')
    .description(
      'Measures how microservices talk to each other: same open-loop load, real brokers, injected faults.',
    )
    .version(String(describeEnvironment()['commbench']))
    // All of them have options: said of each, it would take the room of what they do.
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${argumentsOf(command)}`.trim() })
    .addHelpText('after', AFTER);
  const commands = [
    runCommand(context),
    abCommand(context),
    compareCommand(context),
    crossoverCommand(context),
    sweepCommand(context),
    calibrateCommand(context),
    listCommand(context),
    reportCommand(context),
    claimsCommand(context),
    replayCommand(context),
    selftestCommand(context),
    initCommand(context),
    schemaCommand(context),
    doctorCommand().addHelpText('after', exitsText(['done', 'defect', 'badInput', 'environment'])),
    upCommand().addHelpText(
      'after',
      exitsText(['done', 'defect', 'badInput', 'environment', 'interrupted', 'terminated']),
    ),
    downCommand().addHelpText('after', exitsText(['done', 'defect', 'badInput', 'incomplete'])),
    statusCommand().addHelpText('after', exitsText(['done', 'defect'])),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      // What is wrong is thrown too, and told once, by cli.ts.
      outputError: () => {},
    });
  }
  return program;
}

function argumentsOf(command: Command): string {
  return command.usage().replace(/^\[options\] ?/, '');
}
