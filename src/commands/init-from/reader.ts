import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { CommbenchError, type ErrorCode } from '../../kernel/errors.ts';
import { MAX_FILE_BYTES } from '../../scenario/load/source.ts';
import { chooseCalls, type FoundOperation } from './found-call.ts';
import type { FromChoice, WrittenScenario } from './scenario-from.ts';
import { ownScenario } from './write.ts';

/** What the thread that reads a description answers, once. */
export type Answer =
  | WrittenScenario
  | { readonly problem: { readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined } };

parentPort?.postMessage(await answered(workerData as FromChoice));

async function answered(choice: FromChoice): Promise<Answer> {
  try {
    return await written(choice);
  } catch (error) {
    if (error instanceof CommbenchError) return { problem: { code: error.code, message: error.message, hint: error.hint } };
    // The stack's end: parsers and walks go as deep as the description.
    if (!(error instanceof RangeError)) throw error;
    const message = `--from: ${choice.from} is nested too deeply`;
    return { problem: { code: 'bad-option', message, hint: undefined } };
  }
}

async function written({ from, operations, include, file, name }: FromChoice): Promise<WrittenScenario> {
  const folder = path.dirname(path.resolve(file));
  const calls = chooseCalls(await operationsIn(from, include, folder), operations, from);
  const text = ownScenario(name, calls, path.basename(from));
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    throw new CommbenchError('bad-option', `--from: the requests are larger than a scenario may be (${MAX_FILE_BYTES} bytes)`);
  }
  const warnings = calls.flatMap((call) => call.misfits.map((misfit) => `${call.name}: ${misfit}`));
  return { text, calls: calls.map((call) => call.name), warnings };
}

/** Each is loaded where it is asked for. */
async function operationsIn(from: string, include: readonly string[], folder: string): Promise<FoundOperation[]> {
  const file = path.resolve(from);
  if (path.extname(from) === '.proto') {
    const { operationsOfProto } = await import('./proto.ts');
    return operationsOfProto({ file, include: include.map((one) => path.resolve(one)), folder });
  }
  if (include.length > 0) throw new CommbenchError('bad-option', '--include is only valid with --from a .proto file');
  const { operationsOfOpenApi } = await import('./openapi/operations.ts');
  return operationsOfOpenApi(file);
}
