import { isMapping } from '../../../scenario/load/mapping.ts';
import { isLoopbackAddress } from '../../../platform/net/loopback.ts';
import { plain } from './styles.ts';

const FALLBACK = 'http://127.0.0.1:8080';

/**
 * The target of the load: the document's own server if that is this machine, without TLS.
 * @param lists of servers, the operation's own first
 */
export function baseOf(lists: readonly unknown[]): { base: string; note: string | undefined } {
  const servers = (lists.find((list) => Array.isArray(list) && list.length > 0) ?? []) as unknown[];
  const urls = servers.filter(isMapping).flatMap((server) => withDefaults(server) ?? []);
  const local = urls.find((url) => {
    if (!URL.canParse(url)) return false;
    const { protocol, hostname } = new URL(url);
    const isHere = hostname === 'localhost' || isLoopbackAddress(hostname.replaceAll(/[[\]]/g, ''));
    return protocol === 'http:' && isHere;
  });
  if (local !== undefined) return { base: local, note: undefined };
  const [first] = urls;
  const own = first === undefined ? '' : `The document says ${first}. `;
  const path = first === undefined || !URL.canParse(first, FALLBACK) ? '' : new URL(first, FALLBACK).pathname;
  const base = FALLBACK + (/[{}]|%7B/i.test(path) ? '' : path.replace(/\/$/, ''));
  return {
    base,
    note: `${own}Replace with the address of your service; other machines need --allow-remote HOST.`,
  };
}

/** Variables that have no default stay as they are. */
function withDefaults({ url, variables }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof url !== 'string') return undefined;
  return url.replaceAll(/\{([^{}]+)\}/g, (hole, name: string) => {
    const variable = isMapping(variables) ? variables[name] : undefined;
    return isMapping(variable) ? plain(variable['default'] ?? hole) : hole;
  });
}
