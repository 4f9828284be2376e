import path from 'node:path';
import { CommbenchError } from '../kernel/errors.ts';
import type { TlsSettings } from '../kernel/target-outlet.ts';
import { withEnvironment } from '../kernel/text-template.ts';
import type { Wire } from '../kernel/transport.ts';
import { isSecureUrl } from '../platform/net/endpoint.ts';
import { TLS_FILES } from '../platform/net/secure.ts';

/** Scheme, user and password of a URL as it is written. */
const USERINFO = /^([^/?#]*\/\/)([^/?#@]*)(?=@)/;

/** A URL with its variables filled in; those of user and password are encoded as a URL needs it. */
export function urlFromEnvironment(given: string): string {
  const encoded = Object.fromEntries(
    Object.entries(process.env).map(([name, value = '']) => [name, encodeURIComponent(value)]),
  );
  const named = given.replace(
    USERINFO,
    (_all, scheme: string, userinfo: string) => scheme + withEnvironment(userinfo, encoded),
  );
  return withEnvironment(named, process.env);
}

export function hasCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** Credentials in a URL that would not be sent. @param example of how they are given */
export function unusedCredentials(field: string, example: string): CommbenchError {
  return new CommbenchError(
    'bad-scenario',
    `targets.${field} has a user and password, which would not be sent`,
    {
      hint: `Give them as ${example}.`,
    },
  );
}

/**
 * TLS of a URL, complete; undefined for a URL without TLS.
 * @throws CommbenchError bad-scenario where such a URL has settings of TLS, which would not be used
 */
export function tlsOf(
  field: string,
  given: TlsSettings | undefined,
  url: string,
  wire: Wire,
): TlsSettings | undefined {
  if (isSecureUrl(url, wire)) return withFiles(given ?? { insecure: false });
  if (!given) return undefined;
  const schemes = wire.schemes.filter(({ isSecure }) => isSecure).map(({ protocol }) => `${protocol}//`);
  throw new CommbenchError(
    'bad-scenario',
    `targets.${field} needs a URL with TLS, found one that begins with ${new URL(url).protocol}//`,
    { hint: `Begin it with ${schemes.join(' or ')}, or omit \`tls\`.` },
  );
}

/** Paths from the environment are relative to the folder where commbench was started. */
function withFiles(tls: TlsSettings): TlsSettings {
  const filled = withEnvironment(tls, process.env);
  const files = TLS_FILES.flatMap((name) => {
    const file = filled[name];
    return file === undefined ? [] : [[name, path.resolve(file)] as const];
  });
  return { ...filled, ...Object.fromEntries(files) };
}
