import { allIn, type ShellCommand, type ShellOption, type ShellValues } from '../command-tree.ts';
import type { Shell } from '../shell.ts';

export const definition: Shell = {
  name: 'fish',
  install: 'commbench completion fish > ~/.config/fish/completions/commbench.fish',
  script: (tree) =>
    [
      '# Completion of commbench in fish; made by `commbench completion fish`.',
      'complete -c commbench -f',
      ...allIn(tree).flatMap(linesOf),
      '',
    ].join('\n'),
};

function linesOf(command: ShellCommand): string[] {
  const { options, values, children } = command;
  const here = conditionOf(command);
  const lines = children.map((child) => line(here, ['-a', child.name], child.summary));
  return [
    ...lines,
    ...(children.length === 0 ? valueLines(here, values) : []),
    ...options.map((option) => optionLine(here, option)),
  ];
}

/** All names of its path stand in the line, and none of those below it. */
function conditionOf({ path, children }: ShellCommand): string {
  const seen = path === '' ? [] : path.split(' ').map((name) => `__fish_seen_subcommand_from ${name}`);
  const below = children.map(({ name }) => name).join(' ');
  return [...seen, ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`])].join('; and ');
}

function valueLines(here: string, { words, isFile }: ShellValues): string[] {
  const given = words.length > 0 ? ['-a', words.join(' ')] : [];
  return given.length > 0 || isFile ? [line(here, [...given, ...(isFile ? ['-F'] : [])], '')] : [];
}

function optionLine(here: string, { flag, summary, values }: ShellOption): string {
  const own = ['-l', flag.replace(/^--/, '')];
  if (!values) return line(here, own, summary);
  const words = values.words.length > 0 ? ['-a', values.words.join(' ')] : [];
  return line(here, [...own, '-r', ...words, ...(values.isFile ? ['-F'] : [])], summary);
}

function line(condition: string, parts: readonly string[], summary: string): string {
  const described = summary === '' ? [] : ['-d', summary];
  return ['complete -c commbench', '-n', ...[condition, ...parts, ...described].map(quotedUnlessFlag)].join(
    ' ',
  );
}

function quotedUnlessFlag(text: string): string {
  return /^-{0,2}[\w-]+$/.test(text)
    ? text
    : `'${text.replaceAll(/[\\']/g, (character) => `\\${character}`)}'`;
}
