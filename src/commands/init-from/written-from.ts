import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';
import { chooseCalls, type FoundOperation } from './found-call.ts';
import type { FromChoice, WrittenScenario } from './scenario-from.ts';
import { ownScenario, printable } from './write.ts';

/** What a scenario may have (src/scenario/load/source.ts), which holds all requests. */
const MAX_BYTES = 256 * 1024;

/** The scenario for operations of a description, without bounds. @throws CommbenchError bad-option */
export async function writtenFrom({
  from,
  operations,
  include,
  file,
  name,
}: FromChoice): Promise<WrittenScenario> {
  const folder = path.dirname(path.resolve(file));
  const calls = chooseCalls(await operationsIn(from, include, folder), operations, from);
  const text = ownScenario(name, calls, path.basename(from));
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new CommbenchError(
      'bad-option',
      `--from: the requests are larger than a scenario may be (${MAX_BYTES} bytes)`,
    );
  }
  const warnings = calls.flatMap((call) =>
    call.misfits.map((misfit) => printable(`${call.name}: ${misfit}`)),
  );
  return { text, calls: calls.map((call) => printable(call.name)), warnings };
}

/** Each is loaded where it is asked for. */
async function operationsIn(
  from: string,
  include: readonly string[],
  folder: string,
): Promise<FoundOperation[]> {
  const file = path.resolve(from);
  if (path.extname(from) === '.proto') {
    const { operationsOfProto } = await import('./proto.ts');
    return operationsOfProto({ file, include: include.map((one) => path.resolve(one)), folder });
  }
  if (include.length > 0)
    throw new CommbenchError('bad-option', '--include is only valid with --from a .proto file');
  const { operationsOfOpenApi } = await import('./openapi/operations.ts');
  return operationsOfOpenApi(file);
}
