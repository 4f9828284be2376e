import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { TableRule } from './rule.ts';

const FOLDER = path.join(import.meta.dirname, 'tables');

/** Those of every file of the folder: a new table is a new entry there, or a new file. */
export async function allRules(): Promise<TableRule[]> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const modules = await Promise.all(files.toSorted().map((file) => import(path.join(FOLDER, file))));
  return modules.flatMap((module) => (module as { rules: readonly TableRule[] }).rules);
}
