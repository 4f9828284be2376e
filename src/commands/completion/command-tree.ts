import type { Argument, Command, Option } from 'commander';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import { formatNames } from '../../report/reporters.ts';
import { scenarioNames } from '../../scenario/load/catalogue.ts';

/** A command as a shell completes it. */
export interface ShellCommand {
  readonly name: string;
  /** Its names, without the program's: `results list`; empty: the program itself. */
  readonly path: string;
  readonly summary: string;
  readonly options: readonly ShellOption[];
  readonly values: ShellValues;
  readonly children: readonly ShellCommand[];
}

export interface ShellOption {
  /** `--format`. */
  readonly flag: string;
  readonly summary: string;
  /** Absent: it takes none. */
  readonly values?: ShellValues;
}

/** What may stand in a place. */
export interface ShellValues {
  readonly words: readonly string[];
  readonly isFile: boolean;
}

type Words = Readonly<Record<string, readonly string[]>>;

/** Every command with its options, as commander has them: there is no second list. */
export async function commandTree(program: Command): Promise<ShellCommand> {
  const brokers = (await brokerDefinitions()).map(({ name }) => name);
  // By the placeholders that help shows.
  const words: Words = { format: formatNames(), scenario: await scenarioNames(), broker: brokers };
  return treeOf(program, '', words);
}

function treeOf(command: Command, path: string, words: Words): ShellCommand {
  const below = (child: Command) => treeOf(child, `${path} ${child.name()}`.trim(), words);
  const help: ShellOption = { flag: '--help', summary: 'show its help' };
  return {
    name: command.name(),
    path,
    summary: command.description(),
    options: [
      ...command.options.filter(({ hidden }) => !hidden).map((option) => optionOf(option, words)),
      help,
    ],
    values: argumentValues(command.registeredArguments, words),
    children: command.commands.map(below),
  };
}

function optionOf(option: Option, words: Words): ShellOption {
  const own = { flag: option.long!, summary: option.description };
  return option.isBoolean() ? own : { ...own, values: valuesAt(placeholderOf(option.flags), option, words) };
}

function argumentValues(all: readonly Argument[], words: Words): ShellValues {
  const each = all.map((argument) => valuesAt(argument.name(), argument, words));
  return { words: each.flatMap((one) => one.words), isFile: each.some(({ isFile }) => isFile) };
}

/** `format` of `--format <format>`. */
function placeholderOf(flags: string): string {
  return /[<[]([\w-]+)/.exec(flags)?.[1] ?? '';
}

const OF_FILES = /^(files?|folder|scenario|baseline|candidate|result)$/;

function valuesAt(
  placeholder: string,
  { argChoices }: Pick<Option, 'argChoices'>,
  words: Words,
): ShellValues {
  const known = argChoices ?? (Object.hasOwn(words, placeholder) ? words[placeholder]! : []);
  return { words: known, isFile: OF_FILES.test(placeholder) };
}

/** A command and all below it. */
export function allIn(command: ShellCommand): ShellCommand[] {
  return [command, ...command.children.flatMap(allIn)];
}
