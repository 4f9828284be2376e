import type { Address, Connection } from '../../kernel/transport.ts';
import type { Dialect } from './dialect.ts';
import type { HttpOptions } from './options.ts';

/** The caller's side over HTTP, by the library that the options name; the other one is not loaded. */
export async function openCaller(
  address: Address,
  options: HttpOptions,
  dialect: Dialect,
): Promise<Connection> {
  if (options.client === 'fetch') {
    const { openFetchCaller } = await import('./fetch-caller.ts');
    return openFetchCaller(address, options, dialect);
  }
  const { openUndiciCaller } = await import('./undici-caller.ts');
  return openUndiciCaller(address, options, dialect);
}
