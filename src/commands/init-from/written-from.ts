import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { CommbenchError, unreadableText } from '../../kernel/errors.ts';
import { redactUrl } from '../../kernel/redact.ts';
import { isSecureUrl, protocolsOf } from '../../platform/net/endpoint.ts';
import { loadTransportDefinition } from '../../transports/discover.ts';
import { chooseCalls, type ChosenCall, type FoundOperation } from './found-call.ts';
import type { FromChoice, WrittenScenario } from './scenario-from.ts';
import { ownScenario, printable } from './write.ts';

/** What a scenario may have (src/scenario/load/source.ts), which holds all requests. */
const MAX_BYTES = 256 * 1024;

/** The scenario for operations of a description, without bounds. @throws CommbenchError bad-option */
export async function writtenFrom(choice: FromChoice): Promise<WrittenScenario> {
  const { from, operations, file, name, ca, mix = false } = choice;
  const folder = path.dirname(path.resolve(file));
  const calls = chooseCalls(await operationsIn(choice, folder), operations, from);
  await checkAuthority(choice, calls);
  if (mix) checkMix(calls);
  const text = ownScenario({
    name,
    calls,
    from: path.basename(from),
    ca: ca === undefined ? undefined : path.relative(folder, path.resolve(ca)),
    mix,
  });
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
async function operationsIn({ from, include, url }: FromChoice, folder: string): Promise<FoundOperation[]> {
  if (/^https?:\/\//i.test(from)) {
    throw new CommbenchError('bad-option', '--from: Expected a file, found a URL', {
      hint: 'Fetch it first, for example with `curl -o openapi.json URL`. The address of the service is given by --url.',
    });
  }
  const file = path.resolve(from);
  const isProto = path.extname(from) === '.proto';
  await checkUrl(url, isProto ? 'grpc' : 'rest');
  if (isProto) {
    const { operationsOfProto } = await import('./proto.ts');
    return operationsOfProto({ file, include: include.map((one) => path.resolve(one)), folder, url });
  }
  if (include.length > 0)
    throw new CommbenchError('bad-option', '--include is only valid with --from a .proto file');
  const { operationsOfOpenApi } = await import('./openapi/operations.ts');
  return operationsOfOpenApi(file, url);
}

/** @throws CommbenchError bad-option for a URL that this transport does not have */
async function checkUrl(url: string | undefined, transport: ChosenCall['transport']): Promise<void> {
  if (url === undefined) return;
  const protocols = protocolsOf((await loadTransportDefinition(transport)).wire);
  const { protocol } = new URL(url);
  if (protocols.includes(protocol)) return;
  const expected = protocols.map((one) => `${one}//`).join(' or ');
  throw new CommbenchError(
    'bad-option',
    `--url: Expected one that begins with ${expected}, found ${protocol}//`,
  );
}

/** @throws CommbenchError bad-option for an authority that cannot be used */
async function checkAuthority({ ca }: FromChoice, calls: readonly ChosenCall[]): Promise<void> {
  if (ca === undefined) return;
  for (const { transport, url } of calls) {
    const { wire } = await loadTransportDefinition(transport);
    if (isSecureUrl(url, wire)) continue;
    throw new CommbenchError('bad-option', `--ca is only valid with a URL of TLS, found ${redactUrl(url)}`, {
      hint: `Give it: --url ${wire.schemes.find(({ isSecure }) => isSecure)?.protocol}//localhost:8443`,
    });
  }
  try {
    accessSync(ca, constants.R_OK);
  } catch (error) {
    throw new CommbenchError('bad-option', `--ca: ${unreadableText(ca, error)}`);
  }
}

/** One pattern has one transport, one address, and answers of one kind. @throws CommbenchError bad-option */
function checkMix(calls: readonly ChosenCall[]): void {
  const [first] = calls;
  if (calls.length < 2)
    throw new CommbenchError('bad-option', '--mix needs two operations or more: --operation NAME');
  const other = calls.find(({ transport, interaction, url }) => {
    return transport !== first?.transport || interaction !== first.interaction || url !== first.url;
  });
  if (!other) return;
  const what = other.url === first?.url ? 'one answers with a stream' : 'they have different addresses';
  throw new CommbenchError(
    'bad-option',
    `--mix: ${first?.name} and ${other.name} cannot be one pattern: ${what}`,
  );
}
