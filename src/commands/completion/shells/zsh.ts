import { allIn, type ShellCommand, type ShellOption, type ShellValues } from '../command-tree.ts';
import { type Shell, shellQuoted } from '../shell.ts';

export const definition: Shell = {
  name: 'zsh',
  install: 'commbench completion zsh > "${fpath[1]}/_commbench"',
  script: (tree) =>
    [
      '#compdef commbench',
      '# Completion of commbench in zsh; made by `commbench completion zsh`.',
      ...allIn(tree).flatMap(functionOf),
      // Autoloaded it is called; sourced it is registered.
      'if [ "$funcstack[1]" = "_commbench" ]; then _commbench "$@"; else compdef _commbench commbench; fi',
      '',
    ].join('\n'),
};

/** A function for each command; one with commands below it goes on to theirs. */
function functionOf(command: ShellCommand): string[] {
  const { options, values, children } = command;
  const specs = options.map(optionSpec);
  if (children.length === 0) {
    return [`${nameOf(command)}() {`, ...argumentsCall([...specs, `*:value:${actionOf(values)}`]), '}'];
  }
  const described = children.map((child) =>
    shellQuoted(`${child.name}:${child.summary.replaceAll(':', '\\:')}`),
  );
  return [
    `${nameOf(command)}() {`,
    '  local curcontext="$curcontext" state line',
    ...argumentsCall(['-C', ...specs, '1:command:->command', '*::value:->value']),
    '  case $state in',
    `    command) local -a commands=(${described.join(' ')}); _describe command commands ;;`,
    '    value) case $line[1] in',
    ...children.map((child) => `      ${child.name}) ${nameOf(child)} ;;`),
    '    esac ;;',
    '  esac',
    '}',
  ];
}

function argumentsCall(specs: readonly string[]): string[] {
  return [
    '  _arguments \\',
    ...specs.map((spec, i) => `    ${shellQuoted(spec)}${i < specs.length - 1 ? ' \\' : ''}`),
  ];
}

/** It may stand several times, as options that may be repeated do. */
function optionSpec({ flag, summary, values }: ShellOption): string {
  const text = summary.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`);
  return `*${flag}[${text}]${values ? `:value:${actionOf(values)}` : ''}`;
}

/** Words first; files too, where they may stand. */
function actionOf({ words, isFile }: ShellValues): string {
  if (words.length === 0) return isFile ? '_files' : ' ';
  return isFile
    ? `{_alternative "words:word:(${words.join(' ')})" "files:file:_files"}`
    : `(${words.join(' ')})`;
}

function nameOf({ path }: ShellCommand): string {
  return `_commbench${path === '' ? '' : `_${path.replaceAll(' ', '_')}`}`;
}
