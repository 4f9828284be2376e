import { readFileSync } from 'node:fs';
import { isIP, type NetConnectOpts } from 'node:net';
import type { ConnectionOptions, PeerCertificate, TLSSocket } from 'node:tls';
import { CommbenchError, unreadableText } from '../../kernel/errors.ts';
import type { TlsSettings } from '../../kernel/target-outlet.ts';

/** Loaded when it is used: most processes of a run never speak TLS. */
const nodeTls = () => process.getBuiltinModule('node:tls');

/** Fields of `tls` that name files. */
export const TLS_FILES = ['ca', 'cert', 'key'] as const;

/** Node's options of TLS, as far as settings decide them. */
export interface SecureOptions {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** Empty: none is sent. */
  readonly servername: string;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
  readonly rejectUnauthorized: boolean;
}

/**
 * Node's options of TLS for these settings, which every client library takes.
 * @param host of the URL, whose name is verified; never that of a proxy
 * @throws CommbenchError child-failed: a file cannot be read
 */
export function secureOptions(tls: TlsSettings, host: string): SecureOptions {
  const name = tls.serverName ?? host;
  const files = TLS_FILES.flatMap((field) => {
    const file = tls[field];
    return file === undefined ? [] : [[field, contentOf(file, field)] as const];
  });
  return {
    ...Object.fromEntries(files),
    // An IP address is no name that may be sent (RFC 6066, 3).
    servername: isIP(name) === 0 ? name : '',
    checkServerIdentity: (_host, certificate) => nodeTls().checkServerIdentity(name, certificate),
    rejectUnauthorized: !tls.insecure,
  };
}

/** A connection that is ready with its event `secureConnect`. */
export function connectSecurely(
  at: NetConnectOpts,
  options: ConnectionOptions,
  onConnect?: () => void,
): TLSSocket {
  return nodeTls().connect({ ...at, ...options }, onConnect);
}

function contentOf(file: string, field: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CommbenchError('child-failed', `tls.${field}: ${unreadableText(file, error)}`);
  }
}
