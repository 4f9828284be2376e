import type { Command, Option } from 'commander';
import { CommbenchError } from '../../kernel/errors.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import { isMapping } from '../../scenario/load/mapping.ts';
import type { ConfigFile } from './config-file.ts';

/** What a configuration file sets of one command. */
export interface AppliedDefaults {
  /** As the user would write them: `--rounds 10`. */
  readonly texts: readonly string[];
}

/**
 * Sets options of a command as its section of the file says; what was given on the command line, or excludes it, stays.
 * @throws CommbenchError bad-option: a name or a value that the command does not know
 */
export function applyDefaults(command: Command, { file, sections }: ConfigFile): AppliedDefaults {
  const names = pathOf(command);
  checkNames(file, sections, namesOf(rootOf(command).commands));
  const section = sectionAt(file, sections, command);
  const place = `${file}: ${names.join('.')}`;
  const texts = Object.entries(section).flatMap(([name, value]) => {
    if (isMapping(value) && namesOf(command.commands).includes(name)) return [];
    return setOption(command, optionNamed(command, name, place), value, `${place}.${name}`);
  });
  return { texts };
}

function pathOf(command: Command): string[] {
  return command.parent ? [...pathOf(command.parent), command.name()] : [];
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}

function namesOf(commands: readonly Command[]): string[] {
  return commands.map((one) => one.name());
}

function checkNames(file: string, section: object, known: readonly string[]): void {
  const unknown = Object.keys(section).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new CommbenchError('bad-option', `${file}: Expected the name of a command, found ${unknown}`, {
    hint: didYouMean(unknown, known),
  });
}

function sectionAt(file: string, sections: ConfigFile['sections'], command: Command): object {
  if (!command.parent) return sections;
  const around = sectionAt(file, sections, command.parent) as Record<string, unknown>;
  // No option has options of its own.
  const nested = Object.entries(around).filter(([, value]) => isMapping(value));
  checkNames(file, Object.fromEntries(nested), namesOf(command.parent.commands));
  const section = around[command.name()] ?? {};
  if (isMapping(section)) return section;
  throw new CommbenchError('bad-option', `${file}: ${command.name()}: Expected options with their values`);
}

function optionNamed(command: Command, name: string, place: string): Option {
  const options = command.options.filter(({ hidden }) => !hidden);
  const found = options.find((option) => longName(option) === name || option.attributeName() === name);
  if (found) return found;
  throw new CommbenchError('bad-option', `${place}: Expected an option of the command, found ${name}`, {
    hint: didYouMean(name, options.map(longName)),
  });
}

function longName({ long }: Option): string {
  return long?.replace(/^--/, '') ?? '';
}

function setOption(command: Command, option: Option, value: unknown, place: string): string[] {
  const key = option.attributeName();
  if (isGiven(command, key) || command.options.some((other) => excludes(command, other, option))) return [];
  const texts = textsOf(option, value, place);
  if (texts.length === 0) return [];
  command.setOptionValueWithSource(key, parsed(option, texts, place), 'config');
  return texts.map((text) => `${option.long} ${text}`.trim());
}

function isGiven(command: Command, key: string): boolean {
  return command.getOptionValueSource(key) === 'cli';
}

/** Commander's `conflicts` were checked before. */
function excludes(command: Command, other: Option, option: Option): boolean {
  const conflicts = (a: Option, b: Option) =>
    (a as Option & { conflictsWith: string[] }).conflictsWith.includes(b.attributeName());
  return isGiven(command, other.attributeName()) && (conflicts(other, option) || conflicts(option, other));
}

/** Each value of an option that may be repeated; of others one, which may be a list. Of a switch that is off: none. */
function textsOf(option: Option, value: unknown, place: string): string[] {
  if (typeof value === 'boolean' && (option.isBoolean() || option.optional)) return value ? [''] : [];
  const values = Array.isArray(value) ? value : [value];
  const isText = values.every((one) => typeof one === 'string' || typeof one === 'number');
  if (!isText || option.isBoolean()) {
    const expected = option.isBoolean() ? 'true or false' : 'a text, a number, or a list of these';
    throw new CommbenchError('bad-option', `${place}: Expected ${expected}, found ${JSON.stringify(value)}`);
  }
  const texts = values.map(String);
  return option.description.includes('(repeatable)') ? texts : [texts.join(',')];
}

function parsed(option: Option, texts: readonly string[], place: string): unknown {
  if (option.isBoolean()) return true;
  const parse = option.parseArg as ((text: string, earlier: unknown) => unknown) | undefined;
  try {
    return texts.reduce<unknown>((earlier, text) => {
      const given = text === '' && typeof option.presetArg === 'string' ? option.presetArg : text;
      return parse ? parse(given, earlier) : given;
    }, undefined);
  } catch (error) {
    if (error instanceof CommbenchError) throw error;
    throw new CommbenchError('bad-option', `${place}: ${(error as Error).message}`, { cause: error });
  }
}
