import type { PeerCertificate } from 'node:tls';
import { CommbenchError } from '../../kernel/errors.ts';
import type { TransportDefinition } from '../../kernel/transport.ts';
import { type Handshake, tryHandshake } from '../../platform/net/handshake.ts';
import { secureOptions } from '../../platform/net/secure.ts';
import type { PatternTarget } from '../../plan/spec.ts';

/** Something of a target's that is connected to. */
export interface TlsPlace extends Pick<PatternTarget, 'url' | 'listensAt' | 'tls'> {
  /** Of its connection, as `TargetSupport.settings` parsed them. */
  readonly settings: unknown;
}

/** A target as one connects to it. */
export function tlsPlaceOf(target: PatternTarget): TlsPlace {
  const [request] = Object.values(target.requests);
  return { ...target, settings: request?.settings };
}

type Spoken = Pick<TransportDefinition, 'wire' | 'target'>;

/** Most peers send a session at once where they refuse nothing; some send none, and cost every trial this. */
const REFUSAL_MS = 300;
/** How long a refusal is awaited after a failure that it may explain. */
export const LATE_REFUSAL_MS = 2000;

/** A problem, and what to do about it. */
type Problem = readonly [message: string, hint: string];

/**
 * Tries whether a target speaks TLS as its URL and settings say.
 * @param afterMs how long a refusal of the client's certificate is awaited
 * @returns undefined where TLS is not the problem
 */
export async function tlsProblem(
  target: TlsPlace,
  definition: Spoken,
  afterMs: number,
): Promise<CommbenchError | undefined> {
  const { tls, listensAt, settings } = target;
  const alpn = definition.target?.alpn?.(settings) ?? [];
  const options = tls ? secureOptions(tls, listensAt.host) : {};
  const tried = await tryHandshake(listensAt, options, { alpn, afterMs });
  const found = tls ? secureProblem(target, tried, alpn) : plainProblem(target, tried, definition);
  return found && new CommbenchError('child-failed', found[0], { hint: found[1] });
}

/**
 * Connects to a place. Where TLS is what fails, that is said in place of the client library's own words.
 * @throws CommbenchError child-failed; else what `open` throws
 */
export async function withTlsExplained<T>(
  place: TlsPlace,
  definition: Spoken,
  open: () => Promise<T>,
): Promise<T> {
  const problem = place.tls && (await tlsProblem(place, definition, REFUSAL_MS));
  if (problem) throw problem;
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof CommbenchError)) throw error;
    throw (await tlsProblem(place, definition, LATE_REFUSAL_MS)) ?? error;
  }
}

/** A URL without TLS. */
function plainProblem(
  target: TlsPlace,
  { isDone, failure }: Handshake,
  { wire }: Spoken,
): Problem | undefined {
  if (!isDone && !isAlert(failure)) return undefined;
  const { protocol } = new URL(target.url);
  const schemes = wire.schemes.filter(({ isSecure }) => isSecure).map((scheme) => `${scheme.protocol}//`);
  return [
    `${placeOf(target)} speaks TLS, and its URL begins with ${protocol}//`,
    `Write ${schemes.join(' or ')} in its place, with \`tls: { ca: FILE }\` for an authority of your own.`,
  ];
}

function secureProblem(target: TlsPlace, tried: Handshake, alpn: readonly string[]): Problem | undefined {
  const { failure, isDone, isClosed, distrust, certificate, protocol } = tried;
  const isUnanswered = failure === null ? !isClosed : NO_CONNECTION.has(failure);
  // Nobody listens, or not yet: others say so better.
  if (!isDone && isUnanswered) return undefined;
  if (failure !== null || isClosed) return refusedProblem(target, tried, alpn);
  if (distrust !== null && !target.tls!.insecure) return distrustProblem(target, distrust, certificate);
  if (!alpn.includes('h2') || protocol === 'h2') return undefined;
  return [`${placeOf(target)} ${NO_HTTP2}`, WITHOUT_HTTP2];
}

const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);
const NO_HTTP2 = 'does not speak HTTP/2 (ALPN h2)';
const WITHOUT_HTTP2 =
  'Use `httpVersion: 1.1` for HTTP, or enable HTTP/2 at the server: gRPC is not possible without.';

/** The peer ended the connection. */
function refusedProblem(
  target: TlsPlace,
  { failure, isAgreed }: Handshake,
  alpn: readonly string[],
): Problem {
  const at = placeOf(target);
  const why = failure ?? 'end of the connection';
  if (/NO_APPLICATION_PROTOCOL/.test(why)) {
    return alpn.includes('h2')
      ? [`${at} ${NO_HTTP2}`, WITHOUT_HTTP2]
      : [`${at} speaks HTTP/2 alone (ALPN)`, 'Set `httpVersion: 2`.'];
  }
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(why)) {
    return [`${at} has no version of TLS from 1.2 on`, 'Enable TLS 1.2 or 1.3 at the server.'];
  }
  if (isAgreed) return clientCertificateProblem(target, why);
  if (isAlert(failure)) {
    return [
      `${at} refuses the handshake (${why})`,
      'It may be known by another name (`tls: { serverName: NAME }`), or share no cipher with Node.',
    ];
  }
  const { protocol } = new URL(target.url);
  return [
    `${at} does not speak TLS, and its URL begins with ${protocol}// (${why})`,
    `Write ${protocol.replace(/s:$|\+ssl:$/, ':')}// for a port without TLS, or give the port that has it.`,
  ];
}

/** The last word of a handshake is about the client. */
function clientCertificateProblem(target: TlsPlace, why: string): Problem {
  const at = placeOf(target);
  const { cert } = target.tls!;
  if (cert !== undefined) {
    return [
      `${at} does not accept the client certificate ${cert} (${why})`,
      'Use one that an authority has signed which the server trusts, with its chain.',
    ];
  }
  const give = '`tls: { cert: FILE, key: FILE }`.';
  return isAlert(why)
    ? [`${at} demands a client certificate (${why})`, `Give one: ${give}`]
    : [
        `${at} ended the connection after the handshake (${why})`,
        `If it demands a client certificate: ${give}`,
      ];
}

function distrustProblem(target: TlsPlace, code: string, certificate: PeerCertificate | null): Problem {
  const at = placeOf(target);
  const { subject, issuer, valid_from: from, valid_to: to, subjectaltname: names } = certificate ?? {};
  const { serverName, ca } = target.tls!;
  const name = serverName ?? target.listensAt.host;
  const or = 'For a test, `tls: { insecure: true }` verifies nothing, and the report says so.';
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return [`The certificate of ${at} expired on ${to}`, `Renew it at the server. ${or}`];
    case 'CERT_NOT_YET_VALID':
      return [
        `The certificate of ${at} is valid from ${from} on`,
        `Check the clocks of both machines. ${or}`,
      ];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        `The certificate of ${at} is not for ${name}, but for ${names ?? oneOf(subject?.CN) ?? 'no name'}`,
        `Use one of these names in the URL, or set \`tls: { serverName: NAME }\`. ${or}`,
      ];
    default:
      return [
        `The certificate of ${at} is signed by no authority that is trusted: ${oneOf(issuer?.CN) ?? 'an unnamed one'} (${code})`,
        ca === undefined
          ? `Give the file of that authority: \`tls: { ca: FILE }\`. ${or}`
          : `It is not, or not alone, in ${ca}: give its own file, or have the server send its whole chain. ${or}`,
      ];
  }
}

function oneOf(name: string | string[] | undefined): string | undefined {
  return [name].flat()[0];
}

/** An alert is sent by something that speaks TLS. */
function isAlert(failure: string | null): boolean {
  return failure !== null && /ALERT/.test(failure);
}

function placeOf({ listensAt: { host, port } }: TlsPlace): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
