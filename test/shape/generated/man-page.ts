import type { Argument, Command, Option } from 'commander';
import { allCommands } from '../../../src/commands/commands.ts';
import { createProgram } from '../../../src/commands/program.ts';
import { commandName } from '../../../src/commands/terminal/command-definition.ts';

/** What is no option of any command. */
const ENVIRONMENT = {
  COMMBENCH_CONFIG: 'a configuration file in place of the nearest one, or none',
  COMMBENCH_PLUGINS:
    'packages and folders with transports, policies, faults and formats of your own, separated by commas',
  COMMBENCH_PROGRESS: 'stages: a line for each stage of a trial, for programs',
  'COMMBENCH_RABBITMQ_URL, COMMBENCH_KAFKA_URL': 'brokers to use, where their URLs hold passwords',
  OTEL_EXPORTER_OTLP_HEADERS: 'further headers for servers that get reports or spans: name=value,name=value',
  NO_COLOR: 'no colours',
  XDG_CACHE_HOME: 'where fetched brokers are stored, in a folder commbench',
};

const FILES = {
  'commbench.config.json, commbench.config.yaml, package.json (commbench)':
    'values for options, by command: run: { rounds: 10 }. The command line wins.',
  'results/': 'where results are written, below the folder in which the command stands',
};

/** The manual page, in the macros of man(7), from the commands themselves. */
export async function manPage(): Promise<string> {
  const context = { stdout: process.stdout, stderr: process.stderr, env: {} };
  const program = await createProgram(context, (await allCommands()).map(commandName));
  const lines = [
    '.\\" Made by `npm run generate` from the commands.',
    '.TH COMMBENCH 1',
    '.SH NAME',
    `commbench \\- ${roff(program.description())}`,
    '.SH SYNOPSIS',
    '.B commbench',
    '.I command',
    '[options]',
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => commandLines(command, command.name())),
    '.SH ENVIRONMENT',
    ...Object.entries(ENVIRONMENT).flatMap(([name, what]) => entry(`\\fB${roff(name)}\\fR`, what)),
    '.SH FILES',
    ...Object.entries(FILES).flatMap(([name, what]) => entry(`\\fI${roff(name)}\\fR`, what)),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines(command: Command, name: string): string[] {
  const usage = command.registeredArguments.map(argumentText).join(' ');
  return [
    `.SS "${roff(`${name} ${usage}`.trim()).replaceAll('"', '\\(dq')}"`,
    text(command.description()),
    ...command.registeredArguments.flatMap((one) => entry(`\\fI${roff(one.name())}\\fR`, withChoices(one))),
    ...command.options.filter(({ hidden }) => !hidden).flatMap(optionLines),
    ...afterLines(command),
    ...command.commands.flatMap((child) => commandLines(child, `${name} ${child.name()}`)),
  ];
}

function argumentText(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}

function optionLines(option: Option): string[] {
  const [flag, value] = option.flags.split(' ', 2);
  const usual = option.defaultValueDescription ?? option.defaultValue;
  const shown = usual === undefined || usual === false ? '' : ` (default: ${String(usual)})`;
  const title = `\\fB${roff(flag!)}\\fR${value === undefined ? '' : ` \\fI${roff(value)}\\fR`}`;
  return entry(title, withChoices(option) + shown);
}

function withChoices({ description, argChoices }: Argument | Option): string {
  return argChoices ? `${description}: ${argChoices.join(', ')}` : description;
}

/** Examples and exit codes, as help has them. */
function afterLines(command: Command): string[] {
  let after = '';
  command.configureOutput({ writeOut: (more) => void (after += more) });
  command.outputHelp();
  const from = after.indexOf('\nExamples:');
  if (from < 0) return [];
  return ['.PP', '.nf', ...after.slice(from).trim().split('\n').map(text), '.fi'];
}

function entry(title: string, description: string): string[] {
  return ['.TP', title, text(description)];
}

/** A line of text is no request, however it begins. */
function text(line: string): string {
  const shown = roff(line);
  return /^[.']/.test(shown) ? `\\&${shown}` : shown;
}

/** Other characters than ASCII by their numbers, as groff and mandoc take them. */
function roff(line: string): string {
  return line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/[^\t\n -~]/gu, (character) => {
      return `\\[u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;
    });
}
