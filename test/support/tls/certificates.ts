import { KeyObject, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
// oxlint-disable-next-line import/no-unassigned-import -- what the library finds in its place: decorators' metadata
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

type KeyPair = webcrypto.CryptoKeyPair;

/** Files of one certificate. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Certificates made for one test file, in a folder of their own. */
export interface Certificates extends Disposable {
  readonly folder: string;
  /** The authority that signed all others. */
  readonly ca: string;
  /** An authority that signed none of them. */
  readonly otherCa: string;
  /** For localhost and 127.0.0.1. */
  readonly server: CertificateFiles;
  readonly client: CertificateFiles;
  /** Of the other authority. */
  readonly otherClient: CertificateFiles;
  /** For localhost, valid until yesterday. */
  readonly expired: CertificateFiles;
  /** Valid, for shop.example alone. */
  readonly elsewhere: CertificateFiles;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const HERE = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
] as const;

/** What is signed, and by whom. */
interface Asked {
  readonly name: string;
  readonly days?: readonly [from: number, to: number];
  readonly names?: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[];
}

interface Authority {
  readonly name: string;
  readonly keys: KeyPair;
  readonly file: string;
}

export async function makeCertificates(): Promise<Certificates> {
  cryptoProvider.set(webcrypto as unknown as Crypto);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-certificates-'));
  const ca = await makeAuthority(folder, 'Test authority');
  const other = await makeAuthority(folder, 'Another authority');
  const signed = (by: Authority, asked: Asked) => makeSigned(folder, by, asked);
  return {
    folder,
    ca: ca.file,
    otherCa: other.file,
    server: await signed(ca, { name: 'localhost', names: HERE }),
    client: await signed(ca, { name: 'client' }),
    otherClient: await signed(other, { name: 'other-client' }),
    expired: await signed(ca, { name: 'expired', names: HERE, days: [-10, -1] }),
    elsewhere: await signed(ca, {
      name: 'shop.example',
      names: [{ type: 'dns', value: 'shop.example' }],
    }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity([-20, 20]),
    name: `CN=${name}`,
    keys: keys as CryptoKeyPair,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  return { name, keys, file: store(folder, `${name.replaceAll(' ', '-')}.pem`, pemOf(certificate)) };
}

async function makeSigned(
  folder: string,
  by: Authority,
  { name, days = [-1, 10], names = [] }: Asked,
): Promise<CertificateFiles> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.create({
    ...validity(days),
    subject: `CN=${name}`,
    issuer: `CN=${by.name}`,
    publicKey: keys.publicKey as CryptoKey,
    signingKey: by.keys.privateKey as CryptoKey,
    signingAlgorithm: ALGORITHM,
    extensions: names.length > 0 ? [new SubjectAlternativeNameExtension([...names])] : [],
  });
  const pkcs8 = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return {
    cert: store(folder, `${name}.pem`, pemOf(certificate)),
    key: store(folder, `${name}-key.pem`, pkcs8),
  };
}

function makeKeys(): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity([from, to]: readonly [number, number]): { notBefore: Date; notAfter: Date } {
  const at = (days: number) => new Date(Date.now() + days * DAY_MS);
  return { notBefore: at(from), notAfter: at(to) };
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

function store(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}
