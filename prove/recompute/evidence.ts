import type { TableCheck } from './check.ts';
import { OF_FILE } from './record-check.ts';

export interface FileCheck {
  readonly file: string;
  readonly tables: readonly TableCheck[];
}

export function isSound({ tables }: FileCheck): boolean {
  return tables.every(({ deviations, notRecomputed }) => deviations.length + notRecomputed.length === 0);
}

/** What was compared in each table of each file, what deviates, and what is words and why. */
export function evidenceText(files: readonly FileCheck[]): string {
  const all = files.flatMap(({ tables }) => tables);
  const [derived, printed] = [all.filter(isOfFile), all.filter((table) => !isOfFile(table))];
  const total = [
    `${files.length} files and pages, ${printed.length} printed tables, ${cellsText(printed)}`,
    `${sum(derived, ({ cells }) => cells)} figures that the files derive themselves`,
    `${sum(all, deviating)} deviations, ${sum(all, unknown)} not recomputed`,
  ].join('; ');
  return [...files.map(fileText), wordsText(all), total].join('\n\n') + '\n';
}

const isOfFile = ({ heading }: TableCheck) => heading === OF_FILE;
const deviating = ({ deviations }: TableCheck) => deviations.length;
const unknown = ({ notRecomputed }: TableCheck) => notRecomputed.length;

function fileText({ file, tables }: FileCheck): string {
  return [`${file}: ${cellsText(tables)}`, ...tables.flatMap(tableLines)].join('\n');
}

function cellsText(tables: readonly TableCheck[]): string {
  return `${sum(tables, ({ cells }) => cells)} cells, ${sum(tables, ({ figures }) => figures)} of them with figures`;
}

function tableLines({ heading, cells, figures, deviations, notRecomputed, words }: TableCheck): string[] {
  const isWords = cells === 0 && words.size > 0;
  const short = heading.length > 70 ? `${heading.slice(0, 69)}…` : heading;
  return [
    `  ${short}: ${isWords ? 'words' : `${cells} cells, ${figures} with figures`}, ${deviations.length} deviations`,
    ...deviations.map(
      ({ at, printed, own }) => `    deviates at ${at}: printed "${printed}", recomputed "${own}"`,
    ),
    ...notRecomputed.map((what) => `    not recomputed: ${what}`),
  ];
}

/** Each column once. */
function wordsText(tables: readonly TableCheck[]): string {
  const lines = tables.flatMap(({ heading, words }) =>
    [...words].map(([title, why]) => `  ${heading.split(':')[0]}: ${title}: ${why}`),
  );
  return ['Not compared, and why:', ...new Set(lines)].join('\n');
}

function sum(tables: readonly TableCheck[], of: (table: TableCheck) => number): number {
  return tables.reduce((total, table) => total + of(table), 0);
}
