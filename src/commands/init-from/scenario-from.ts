import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError, unreadableText } from '../../kernel/errors.ts';
import { chooseCalls, type FoundCall } from './found-call.ts';
import { callsOfOpenApi } from './openapi.ts';
import { ownScenario } from './write.ts';

/** Descriptions of large services have some MB. */
const MAX_BYTES = 20 * 1024 * 1024;

export interface FromChoice {
  /** OpenAPI 3 (YAML, JSON) or a .proto. */
  readonly from: string;
  /** Names of operations; none: the first one that can be driven. */
  readonly operations: readonly string[];
  /** The file that will be written. */
  readonly file: string;
  readonly name: string;
}

/** @returns the scenario's text, and what it drives @throws CommbenchError bad-option */
export async function scenarioFrom({ from, operations, file, name }: FromChoice): Promise<{
  readonly text: string;
  readonly calls: readonly string[];
}> {
  const found = await callsOf(from, path.dirname(path.resolve(file)));
  const calls = chooseCalls(found, operations, from);
  return { text: ownScenario(name, calls, path.basename(from)), calls: calls.map((call) => call.name) };
}

async function callsOf(from: string, folder: string): Promise<FoundCall[]> {
  const text = readBounded(from);
  if (path.extname(from) !== '.proto') return callsOfOpenApi(text, from);
  // Loaded here: nobody else of this command needs it.
  const { callsOfProto } = await import('./proto.ts');
  return callsOfProto(path.resolve(from), folder);
}

function readBounded(file: string): string {
  try {
    const { size } = statSync(file);
    if (size <= MAX_BYTES) return readFileSync(file, 'utf8');
    throw bad(`${file} has ${size} bytes, more than ${MAX_BYTES}`);
  } catch (error) {
    if (error instanceof CommbenchError) throw error;
    throw bad(unreadableText(file, error));
  }
}

function bad(found: string): CommbenchError {
  return new CommbenchError('bad-option', `--from: ${found}`);
}
