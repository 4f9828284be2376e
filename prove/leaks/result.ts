import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as record from '../../src/record/record.ts';
import type { Ground } from './ground.ts';

/** By the rules of the checkout that wrote it: the work tree around this proof may be further on. */
export async function readResult(
  file: string,
  { clone }: Ground,
): Promise<{ result: record.Result | null; problems: string[] }> {
  if (!existsSync(file)) return { result: null, problems: [] };
  const { resultSchema } = (await import(path.join(clone, 'src/record/record.ts'))) as typeof record;
  try {
    return { result: resultSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), problems: [] };
  } catch (error) {
    return { result: null, problems: [`the result file is damaged: ${String(error).slice(0, 500)}`] };
  }
}
