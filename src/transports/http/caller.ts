import { CommbenchError } from '../../kernel/errors.ts';
import type { Address, Connection } from '../../kernel/transport.ts';
import type { Dialect } from './dialect.ts';
import type { HttpOptions } from './options.ts';
import { assertFetchable, PLAIN_HTTP, type Protocol } from './protocol.ts';

/**
 * The caller's side over HTTP, by the library that the options name; the other one is not loaded.
 * @param protocol of a target; our own service has HTTP/1.1 without TLS
 */
export async function openCaller(
  address: Address,
  options: HttpOptions,
  dialect: Dialect,
  protocol: Protocol = PLAIN_HTTP,
): Promise<Connection> {
  if (options.client === 'fetch') {
    assertFetchable(protocol);
    if (dialect.itemOf) {
      throw new CommbenchError('child-failed', 'Streams are read by undici only', {
        hint: 'Set `client: undici` in the options of the pattern, or leave it out.',
      });
    }
    const { openFetchCaller } = await import('./fetch-caller.ts');
    return openFetchCaller(address, options, dialect);
  }
  const { openUndiciCaller } = await import('./undici-caller.ts');
  return openUndiciCaller(address, options, dialect, protocol);
}
