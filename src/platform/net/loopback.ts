import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { CommbenchError } from '../../kernel/errors.ts';
import { redactUrl } from '../../kernel/redact.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an IP address (no name) stays on this machine; IPv4 written as IPv6 counts as what it is. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Load goes to this machine only, unless the user named the host: a benchmark pointed at a foreign
 * address by mistake is an attack. A name must resolve to loopback addresses only.
 * @param allowRemote hosts given with `--allow-remote`
 * @throws CommbenchError remote-target
 */
export async function assertLoopback(url: string, allowRemote: readonly string[]): Promise<void> {
  if (!URL.canParse(url)) {
    throw new CommbenchError('bad-option', `Expected a URL, found ${redactUrl(url)}`);
  }
  const host = hostOf(url);
  if (allowRemote.some((allowed) => bare(allowed) === host)) return;
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  const foreign = addresses.find((address) => !isLoopbackAddress(address));
  if (addresses.length > 0 && foreign === undefined) return;
  const found = foreign === undefined ? `${host}, which has no address` : foreignText(host, foreign);
  throw new CommbenchError('remote-target', `Expected an address of this machine, found ${found}`, {
    hint: `If you may put load on that machine, allow it: --allow-remote ${host}`,
  });
}

/** Why nothing can be reached by the name localhost; Erlang names its nodes by it, and waits a minute for an address. */
export async function whyNoLocalhost(): Promise<string | undefined> {
  if ((await resolve('localhost')).length > 0) return undefined;
  return 'the name localhost has no address: add the line `127.0.0.1 localhost` to /etc/hosts';
}

function hostOf(url: string): string {
  return bare(new URL(url).hostname);
}

function bare(host: string): string {
  return host.replaceAll(/^\[|\]$/g, '').toLowerCase();
}

function foreignText(host: string, address: string): string {
  return host === address ? host : `${host} (${address})`;
}

async function resolve(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
