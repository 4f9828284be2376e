import { allIn, type ShellCommand, type ShellValues } from '../command-tree.ts';
import { type Shell, shellQuoted } from '../shell.ts';

/** Files are left to readline, which quotes their names: it completes them where no word fits. */
export const definition: Shell = {
  name: 'bash',
  install: 'commbench completion bash > ~/.local/share/bash-completion/completions/commbench',
  script: (tree) => {
    const all = allIn(tree);
    return [
      '# Completion of commbench in bash; made by `commbench completion bash`.',
      '_commbench() {',
      '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" path="" words="" i',
      '  for ((i = 1; i < COMP_CWORD; i++)); do',
      '    case "$path/${COMP_WORDS[i]}" in',
      ...all.flatMap(({ path, children }) => children.map((child) => enter(path, child))),
      '    esac',
      '  done',
      '  case "$path/$prev" in',
      ...all.flatMap(valueCases),
      '  esac',
      '  case "$path" in',
      ...all.map(wordsCase),
      '  esac',
      '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
      '}',
      'complete -o bashdefault -o default -F _commbench commbench',
      '',
    ].join('\n');
  },
};

function enter(path: string, child: ShellCommand): string {
  return `      ${shellQuoted(`${path}/${child.name}`)}) path=${shellQuoted(child.path)} ;;`;
}

function valueCases({ path, options }: ShellCommand): string[] {
  return options.flatMap(({ flag, values }) =>
    values ? [`    ${shellQuoted(`${path}/${flag}`)}) ${replyWith(values)}; return ;;`] : [],
  );
}

function replyWith({ words }: ShellValues): string {
  return words.length > 0
    ? `COMPREPLY=($(compgen -W ${shellQuoted(words.join(' '))} -- "$cur"))`
    : 'COMPREPLY=()';
}

function wordsCase({ path, options, values, children }: ShellCommand): string {
  const names = children.map((child) => child.name);
  const flags = options.map(({ flag }) => flag);
  const others = [...names, ...values.words].join(' ');
  return `    ${shellQuoted(path)}) [[ $cur == -* ]] && words=${shellQuoted(flags.join(' '))} || words=${shellQuoted(others)} ;;`;
}
