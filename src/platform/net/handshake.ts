import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import { systemCode } from '../../kernel/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { connectSecurely } from './secure.ts';

/** What became of one attempt at TLS, whose certificate was looked at and not enforced. */
export interface Handshake {
  /** Code of the error that ended it: of the system (ECONNREFUSED) or of TLS (ERR_SSL_...); null: none did. */
  readonly failure: string | null;
  /** Both sides had finished their part. */
  readonly isDone: boolean;
  /** Both sides have agreed on keys: whatever ends it after that was said by somebody who speaks TLS. */
  readonly isAgreed: boolean;
  /** The peer ended the connection. */
  readonly isClosed: boolean;
  /** Why the certificate does not verify, as a code of Node; null: it does. */
  readonly distrust: string | null;
  readonly certificate: PeerCertificate | null;
  /** Protocol that the peer chose of those offered; null: none. */
  readonly protocol: string | null;
}

/** Bound on the handshake itself. */
const HANDSHAKE_MS = 5000;

/**
 * One connection with TLS, closed at once. With TLS 1.3 a peer refuses a client's certificate only after the client is
 * done: its word (a session, an alert) is awaited, for `afterMs` at most.
 * @param alpn protocols that are offered
 */
export async function tryHandshake(
  { host, port }: Endpoint,
  options: ConnectionOptions,
  { alpn, afterMs }: { readonly alpn: readonly string[]; readonly afterMs: number },
): Promise<Handshake> {
  const offered = alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {};
  const socket = connectSecurely({ host, port }, { ...options, ...offered, rejectUnauthorized: false });
  const over = Promise.withResolvers<void>();
  const seen = { failure: null as string | null, isDone: false, isClosed: false, isAgreed: false };
  let isAccepted = false;
  let bound = setTimeout(over.resolve, HANDSHAKE_MS);
  socket.once('secureConnect', () => {
    seen.isDone = true;
    clearTimeout(bound);
    bound = setTimeout(over.resolve, isAccepted ? 0 : afterMs);
  });
  socket.once('keylog', () => (seen.isAgreed = true));
  socket.once('session', () => {
    // Some peers look at a client's certificate only after that.
    isAccepted = options.cert === undefined;
    if (isAccepted && seen.isDone) over.resolve();
  });
  socket.once('data', over.resolve);
  socket.on('error', (error) => (seen.failure = systemCode(error) ?? error.message));
  for (const event of ['end', 'close'])
    socket.once(event, () => {
      seen.isClosed = true;
      over.resolve();
    });
  await over.promise;
  clearTimeout(bound);
  const { isDone } = seen;
  const found = {
    ...seen,
    // Its type says Error; Node gives the code.
    distrust: isDone && !socket.authorized ? String(socket.authorizationError) : null,
    certificate: isDone ? socket.getPeerCertificate() : null,
    protocol: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
  };
  socket.destroy();
  return found;
}
