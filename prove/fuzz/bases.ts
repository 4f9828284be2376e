import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A kind of file that users hand to commbench, the shipped ones of it, and the commands that read it. */
export interface Kind {
  readonly name: 'scenario' | 'result' | 'openapi' | 'proto';
  readonly extension: string;
  readonly bases: readonly string[];
  /**
   * Arguments of commands that read `file` and start nothing; what they write goes into `folder`. Each is whole and takes
   * another way through the reader.
   */
  readonly ways: readonly ((file: string, folder: string) => readonly string[])[];
}

const asFormat = (format: string) => (file: string) => ['report', file, '--format', format];

/** Planned, and refused: no plan is that short. */
const unplanned = (folder: string) =>
  ['--max-time', '1ms', '--quiet', '--skip-brokers', '--out', path.join(folder, 'out.json')] as const;

export const KINDS: readonly Kind[] = [
  {
    name: 'scenario',
    extension: '.yaml',
    bases: found('scenarios/**/*.yaml'),
    ways: [(file, folder) => ['run', file, '--seed', '1', ...unplanned(folder)]],
  },
  {
    name: 'result',
    extension: '.json',
    bases: found('results/examples/*.json'),
    ways: [
      (file) => ['report', file],
      (file) => ['report', file, '--explain'],
      ...['markdown', 'csv', 'json', 'junit'].map(asFormat),
      (file) => ['compare', file],
      (file) => ['compare', file, file, '--format', 'markdown'],
      (file) => ['claims', file],
      (file, folder) => ['replay', file, ...unplanned(folder)],
    ],
  },
  {
    name: 'openapi',
    extension: '.yaml',
    bases: found('prove/fuzz/bases/*.yaml'),
    ways: [initFrom],
  },
  {
    name: 'proto',
    extension: '.proto',
    bases: [...found('proto/**/*.proto'), ...found('scenarios/**/*.proto')],
    ways: [initFrom],
  },
];

function initFrom(file: string, folder: string): readonly string[] {
  return ['init', path.join(folder, 'out.yaml'), '--from', file, '--force'];
}

function found(pattern: string): string[] {
  return globSync(pattern, { cwd: ROOT })
    .toSorted()
    .map((file) => path.join(ROOT, file));
}

const read = new Map<string, Uint8Array>();

export function readBase(file: string): Uint8Array {
  const known = read.get(file) ?? readFileSync(file);
  read.set(file, known);
  return known;
}
