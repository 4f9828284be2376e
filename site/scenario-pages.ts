import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export interface ScenarioPage {
  readonly place: string;
  readonly text: string;
}

/** Folders of committed results; one that is named as a scenario is what that scenario found. */
const RESULTS = ['results/examples', 'docs/evidence'];

/** A page for each shipped scenario, by the path of its file. */
export function scenarioPages(root: string, screenOf: ScreenOf): ReadonlyMap<string, ScenarioPage> {
  const outcomes = outcomesIn(path.join(root, 'docs/evidence/outcomes.jsonl'));
  const files = globSync(['scenarios/*.yaml', 'scenarios/{patterns,examples}/*.yaml'], { cwd: root });
  return new Map(
    files.map((file) => {
      const yaml = readFileSync(path.join(root, file), 'utf8');
      const { name, title } = parse(yaml) as { name: string; title: string };
      const parts = [
        `# ${name}\n\n${title}.`,
        `\`\`\`sh\nnpx commbench run ${file.startsWith('scenarios/examples/') ? file : name}\n\`\`\``,
        `## What it found\n\n${foundText(root, name, { outcomes: outcomes.get(name) ?? [], screenOf })}`,
        `## The scenario\n\nIts comments say what it is built on.\n\n\`\`\`yaml\n${yaml}\`\`\``,
      ];
      return [file, { place: `scenarios/${name}.md`, text: `${parts.join('\n\n')}\n` }];
    }),
  );
}

interface Known {
  readonly outcomes: readonly Outcomes[];
  readonly screenOf: ScreenOf;
}

function foundText(root: string, name: string, { outcomes, screenOf }: Known): string {
  const result = RESULTS.map((folder) => path.join(folder, `${name}.json`)).find((file) =>
    existsSync(path.join(root, file)),
  );
  const parts = [
    ...(result === undefined ? [] : [`From \`${result}\`:\n\n\`\`\`text\n${screenOf(root, result)}\`\`\``]),
    ...(outcomes.length === 0 ? [] : [outcomesText(outcomes)]),
  ];
  return parts.length > 0 ? parts.join('\n\n') : 'No result of it is committed: run it.';
}

type ScreenOf = typeof printedReport;

/** As a terminal shows it. */
export function printedReport(root: string, file: string): string {
  const args = [path.join(root, 'src/cli.ts'), 'report', file];
  return execFileSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '120', NO_COLOR: '1' },
  });
}

interface Outcomes {
  readonly scenario: string;
  readonly seed: number;
  readonly commit: string;
  readonly outcomes: readonly { readonly what: string; readonly expected: string; readonly found: string }[];
}

function outcomesIn(file: string): ReadonlyMap<string, Outcomes[]> {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return Map.groupBy(
    lines.map((line) => JSON.parse(line) as Outcomes),
    ({ scenario }) => scenario,
  );
}

/** What was expected before the first run, and in how many seeds it was found. */
function outcomesText(runs: readonly Outcomes[]): string {
  const rows = runs[0]!.outcomes.map(({ what, expected }) => {
    const same = runs.filter(({ outcomes }) =>
      outcomes.some((one) => one.what === what && one.found === expected),
    );
    return `| ${cell(what)} | ${cell(expected)} | ${same.length} of ${runs.length} |`;
  });
  const commits = [...new Set(runs.map(({ commit }) => commit))].join(', ');
  const head = '| outcome | expected before it was run | found, of its seeds |\n| --- | --- | --- |';
  return `Over its seeds (at ${commits}):\n\n${head}\n${rows.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
