import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * `npm run prove -- NAME [ARGUMENT ...]`: the proofs that take real time. Each is a file here that exports
 * `run(args)`, which resolves to the exit code.
 */
interface Proof {
  run(args: string[]): Promise<number>;
}

const FOLDER = import.meta.dirname;

function names(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts') && /^export async function run\(/m.test(read(file)))
    .map((file) => path.basename(file, '.ts'))
    .toSorted();
}

function read(file: string): string {
  return readFileSync(path.join(FOLDER, file), 'utf8');
}

const [name = '', ...args] = process.argv.slice(2);
const known = names();
if (known.includes(name)) {
  const proof = (await import(path.join(FOLDER, `${name}.ts`))) as Proof;
  process.exitCode = await proof.run(args);
} else {
  const found = name === '' ? 'no name' : `"${name}"`;
  console.error(`prove: expected one of ${known.join(', ')}, found ${found}`);
  console.error('  npm run prove -- NAME [ARGUMENT ...]');
  process.exitCode = 2;
}
