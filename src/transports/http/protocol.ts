import { CommbenchError } from '../../kernel/errors.ts';
import type { SecureOptions } from '../../platform/net/secure.ts';

/** What a request is sent by. */
export interface Protocol {
  readonly isHttp2: boolean;
  /** Undefined: without TLS. */
  readonly secure: SecureOptions | undefined;
}

/** Of our own services. */
export const PLAIN_HTTP: Protocol = { isHttp2: false, secure: undefined };

/** @throws CommbenchError child-failed for what Node's own fetch has no option for */
export function assertFetchable({ isHttp2, secure }: Protocol): void {
  if (!isHttp2 && !secure) return;
  const what = isHttp2 ? 'HTTP/2' : 'the `tls` settings of a target';
  throw new CommbenchError('child-failed', `fetch has no option for ${what}`, {
    hint: 'Set `client: undici` in the options of the pattern.',
  });
}
