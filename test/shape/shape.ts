import path from 'node:path';
import { functionFigures } from './figures.ts';
import { LAYERS } from './layers.ts';
import { checkAll, type Outcome, RULES } from './rules.ts';
import { readTree, type Tree } from './tree/tree.ts';

/** `npm run shape`: every broken rule as `path:line: rule: what`, then the figures. Ends with 1 where a rule is broken. */
const ROOT = path.resolve(import.meta.dirname, '../..');
const tree = readTree(process.argv[2] ?? ROOT, LAYERS);
const outcomes = checkAll(tree);
process.stdout.write(`${[...outcomes.flatMap(linesOf), figuresLine(tree)].join('\n')}\n`);
if (outcomes.some(({ problems }) => problems.length > 0)) process.exitCode = 1;

function linesOf({ rule, problems }: Outcome): string[] {
  return problems.map(({ path: file, line, what }) => `${file}:${line}: ${rule.name}: ${what}`);
}

function figuresLine({ sources }: Tree): string {
  const lines = sources.reduce((sum, { lineCount }) => sum + lineCount, 0);
  const { count, p50, p90, longest } = functionFigures(sources);
  return [
    `src: ${lines} lines in ${sources.length} files`,
    `${count} functions: p50 ${p50}, p90 ${p90}, longest ${longest} lines`,
    `${RULES.length} rules, ${outcomes.flatMap(({ problems }) => problems).length} problems`,
  ].join('; ');
}
