import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { unreadableText } from '../../kernel/errors.ts';
import { HIDDEN, redactUrl } from '../../kernel/redact.ts';
import type { TlsSettings } from '../../kernel/target-outlet.ts';
import { TLS_FILES } from '../../platform/net/secure.ts';
import { requestsOf } from '../schema/target-requests.ts';
import type { ScenarioTarget } from '../schema/targets-schema.ts';
import type { Problem } from './problem.ts';

/** Problems of how a target is reached: files that TLS cannot use, and credentials that are not from the environment. */
export function securityProblems(target: ScenarioTarget): Problem[] {
  const { tls, completion, ready } = target;
  return [
    ...(tls ? fileProblems(tls, ['tls']) : []),
    ...(completion?.tls ? fileProblems(completion.tls, ['completion', 'tls']) : []),
    ...urlProblems(completion?.url, ['completion', 'url']),
    ...urlProblems(ready?.url, ['ready', 'url']),
    ...passwordProblems(target['sasl'], ['sasl']),
    ...passwordProblems(completion?.sasl, ['completion', 'sasl']),
    ...credentialProblems(target, []),
    ...requestsOf(target, {}).flatMap(({ own, path }) => credentialProblems(own, path)),
  ];
}

function credentialProblems(fields: Readonly<Record<string, unknown>>, at: Problem['path']): Problem[] {
  return ['headers', 'metadata', 'connectionParams'].flatMap((field) =>
    headerProblems(fields[field], [...at, field]),
  );
}

/** User and password of a URL as it is written. */
export const USERINFO = /^[^/?#]*\/\/[^/?#@:]*(?::([^/?#@]*))?@/;

/** The default of RabbitMQ, known to everybody. */
const NO_SECRET = 'guest';

/** A password in a URL is stored nowhere, and seen in lists of processes. */
export function literalPasswordProblem(url: string): string | undefined {
  const [, password = ''] = USERINFO.exec(url) ?? [];
  if (['', NO_SECRET, HIDDEN].includes(password) || hasHoles(password)) return undefined;
  return `A password may not stand in a URL, found ${redactUrl(url)}: write {{env PASSWORD}} in its place, and set that variable`;
}

/** Whether a text is filled in from somewhere. */
function hasHoles(text: string): boolean {
  return text.includes('{{');
}

function fileProblems(tls: TlsSettings, at: readonly string[]): Problem[] {
  const named = TLS_FILES.filter((field) => tls[field] !== undefined && !hasHoles(tls[field]));
  const contents = named.map((field) => ({ field, ...contentOf(tls[field]!, field) }));
  const wrong = contents.flatMap(({ field, problem }) =>
    problem === undefined ? [] : [{ path: [...at, field], message: problem }],
  );
  if (wrong.length > 0) return wrong;
  const message = contextProblem(Object.fromEntries(contents.map(({ field, pem }) => [field, pem])));
  return message === undefined ? [] : [{ path: [...at, named.includes('key') ? 'key' : 'ca'], message }];
}

/** What each file must hold. */
const PEM: Readonly<Record<(typeof TLS_FILES)[number], readonly [RegExp, string]>> = {
  ca: [/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/, 'a certificate in PEM form'],
  cert: [/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/, 'a certificate in PEM form'],
  key: [/-----BEGIN (?:\w+ )?PRIVATE KEY-----/, 'a private key in PEM form'],
};

function contentOf(file: string, field: keyof typeof PEM): { pem?: string; problem?: string } {
  try {
    const pem = readFileSync(file, 'utf8');
    const [pattern, what] = PEM[field];
    if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem)) {
      return {
        problem: `${file} has a passphrase: give a key without one (openssl pkey -in KEY -out PLAIN_KEY)`,
      };
    }
    return pattern.test(pem) ? { pem } : { problem: `Expected ${what}, found something else in ${file}` };
  } catch (error) {
    return { problem: unreadableText(file, error) };
  }
}

function contextProblem(files: object): string | undefined {
  try {
    createSecureContext(files);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'
      ? 'The key does not belong to the certificate'
      : `The files cannot be used: ${message}`;
  }
}

function urlProblems(url: string | undefined, path: readonly string[]): Problem[] {
  const message = url === undefined ? undefined : literalPasswordProblem(url);
  return message === undefined ? [] : [{ path: [...path], message }];
}

function passwordProblems(sasl: unknown, at: readonly string[]): Problem[] {
  const { password } = (sasl ?? {}) as { password?: unknown };
  if (typeof password !== 'string' || hasHoles(password)) return [];
  return [
    {
      path: [...at, 'password'],
      message: "A password may not stand in a scenario: write '{{env PASSWORD}}', and set that variable",
    },
  ];
}

/** Headers that are credentials and nothing else. */
const CREDENTIALS = /^(?:(?:proxy-)?authorization|(?:x-)?api-?key|x-auth-token|x-access-token)$/i;
/** Cookies by whose names somebody is logged in. */
const SESSION = /sess|\bs?id\b|auth|token|jwt|key|secret|remember/i;

function isCredential(name: string, value: string): boolean {
  return CREDENTIALS.test(name) || (/^cookie$/i.test(name) && SESSION.test(value.replaceAll(/=[^;]*/g, '')));
}

function headerProblems(entries: unknown, at: Problem['path']): Problem[] {
  return Object.entries((entries ?? {}) as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    // Stored scenarios have it removed, which is said elsewhere.
    if (typeof value !== 'string' || !isCredential(name, value) || hasHoles(value) || value === HIDDEN)
      return [];
    const example = /^(?:Basic|Bearer) /.exec(value)?.[0] ?? '';
    return [
      {
        path: [...at, name],
        message: `A credential may not stand in a scenario: write '${example}{{env NAME}}', and set that variable`,
      },
    ];
  });
}
