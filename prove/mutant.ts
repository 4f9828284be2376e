import { readdirSync } from 'node:fs';
import path from 'node:path';

/** One rule broken on purpose: the named test must notice. */
export interface Mutant {
  /** Unique, kebab-case: what the broken program does. */
  readonly name: string;
  /** The rule: a section of docs/DESIGN.md, and what it says. */
  readonly rule: string;
  readonly file: string;
  /** Text that stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly test: string;
  /** Part of the full name of the test that must fail. */
  readonly fails: string;
}

const FOLDER = path.join(import.meta.dirname, 'mutants');

/** Every mutant of every file in prove/mutants: each exports `mutants`. */
export async function listMutants(): Promise<Mutant[]> {
  const files = readdirSync(FOLDER).toSorted();
  const lists = await Promise.all(
    files.map(async (file) => (await import(path.join(FOLDER, file))) as { mutants: readonly Mutant[] }),
  );
  return lists.flatMap((list) => list.mutants);
}

/** @throws Error unless the text to replace stands exactly once in the source */
export function mutate(source: string, { name, file, find, replace }: Mutant): string {
  const times = source.split(find).length - 1;
  if (times !== 1)
    throw new Error(`Mutant ${name}: expected its text once in ${file}, found it ${times} times`);
  return source.replace(find, () => replace);
}

/** docs/mutants.md: which rule is held by which test, and how that was tried. */
export function documentOf(mutants: readonly Mutant[]): string {
  const items = mutants.map(
    ({ rule, name, file, test, fails }) =>
      `- ${rule}: \`${name}\` breaks it in \`${file}\`; in \`${test}\` "${fails}" must fail.`,
  );
  return [
    '# Rules and the mutants that prove their tests',
    '',
    '`npm run prove -- mutants` breaks each rule below in a copy of the repository and runs the test file. The named test',
    'must fail. Numbers are sections of [DESIGN.md](DESIGN.md); results are in [evidence/mutants.json](evidence/mutants.json).',
    '`npm run generate` writes this page. To add a mutant, add an entry to a file of `prove/mutants`.',
    '',
    ...items,
    '',
  ].join('\n');
}
