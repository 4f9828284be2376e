import { EXIT } from '../../kernel/errors.ts';

const MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  defect: 'a defect of commbench',
  badInput: 'bad input: an option, a scenario, a result file',
  incomplete: 'incomplete: a pattern was not run, or a trial failed',
  notValid:
    'a threshold could not be evaluated; with --strict: a trial is not valid; the selftest found a deviation',
  thresholdMissed: 'a threshold was missed',
  environment: 'the environment: port, disk, Node, broker',
  regressed: 'regressed',
  inconclusive: 'inconclusive',
  notComparable: 'not comparable',
  interrupted: 'interrupted (Ctrl-C)',
  terminated: 'terminated',
};

const MEASURING = [
  'done',
  'defect',
  'badInput',
  'incomplete',
  'environment',
  'interrupted',
  'terminated',
] as const;

/** Exits of every command that measures, and further ones of this command, in the order of their codes. */
export function measuringExits(...others: readonly (keyof typeof EXIT)[]): readonly (keyof typeof EXIT)[] {
  return [...MEASURING, ...others].toSorted((a, b) => EXIT[a] - EXIT[b]);
}

/** Text below the options of a command: examples first, because they are read most. */
export function helpAfter(examples: readonly string[], exits: readonly (keyof typeof EXIT)[]): string {
  return ['', 'Examples:', ...examples.map((line) => `  ${line}`), exitsText(exits)].join('\n');
}

function exitsText(exits: readonly (keyof typeof EXIT)[]): string {
  const width = Math.max(...exits.map((name) => String(EXIT[name]).length));
  const codes = exits.map((name) => `  ${String(EXIT[name]).padStart(width)}  ${MEANING[name]}`);
  return ['', 'Exit codes:', ...codes].join('\n');
}
