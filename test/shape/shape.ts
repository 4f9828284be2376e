import path from 'node:path';
import { parseArgs } from 'node:util';
import { functionFigures } from './figures.ts';
import { LAYERS } from './layers.ts';
import { checkAll, type Outcome, PENDING, RULES } from './rules.ts';
import { readTree, type Tree } from './tree/tree.ts';

/** `npm run shape`: every broken rule as `path:line: rule: what`, then the figures. Ends with 1 where a rule is broken. */
const ROOT = path.resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pending: { type: 'boolean', default: false } },
});

const tree = readTree(positionals[0] ?? ROOT, LAYERS);
const outcomes = checkAll(tree);
const broken = outcomes.filter(({ rule }) => !PENDING.includes(rule.name));
const shown = (values.pending ? outcomes : broken).flatMap(linesOf);
const pending = outcomes.filter(({ rule }) => PENDING.includes(rule.name));
process.stdout.write(`${[...shown, figuresLine(tree), ...pending.map(pendingLine)].join('\n')}\n`);
if (broken.some(({ problems }) => problems.length > 0)) process.exitCode = 1;

function linesOf({ rule, problems }: Outcome): string[] {
  return problems.map(({ path: file, line, what }) => `${file}:${line}: ${rule.name}: ${what}`);
}

function figuresLine({ sources }: Tree): string {
  const lines = sources.reduce((sum, { lineCount }) => sum + lineCount, 0);
  const { count, p50, p90, longest } = functionFigures(sources);
  return [
    `src: ${lines} lines in ${sources.length} files`,
    `${count} functions: p50 ${p50}, p90 ${p90}, longest ${longest} lines`,
    `${RULES.length - PENDING.length} rules, ${broken.flatMap(({ problems }) => problems).length} problems`,
  ].join('; ');
}

function pendingLine({ rule, problems }: Outcome): string {
  if (problems.length > 0)
    return `pending: ${rule.name}: ${problems.length} (\`npm run shape -- --pending\`)`;
  return `pending: ${rule.name}: holds now; take it from PENDING in test/shape/rules.ts`;
}
