import { isMapping } from '../../../scenario/load/mapping.ts';
import { isLoopbackAddress } from '../../../platform/net/loopback.ts';
import { REPLACE_ADDRESS } from '../found-call.ts';
import { plain } from './styles.ts';

const FALLBACK = 'http://127.0.0.1:8080';

/**
 * The target of the load: the address asked for, else the document's own server if that is this machine.
 * @param lists of servers, the operation's own first
 * @param asked a URL; without a path it has that of the document's server
 */
export function baseOf(
  lists: readonly unknown[],
  asked: string | undefined,
): { base: string; note: string | undefined } {
  const servers = (lists.find((list) => Array.isArray(list) && list.length > 0) ?? []) as unknown[];
  const urls = servers.filter(isMapping).flatMap((server) => withDefaults(server) ?? []);
  const local = urls.find((url) => {
    if (!URL.canParse(url)) return false;
    const { protocol, hostname } = new URL(url);
    const isHere = hostname === 'localhost' || isLoopbackAddress(hostname.replaceAll(/[[\]]/g, ''));
    return /^https?:$/.test(protocol) && isHere;
  });
  if (asked === undefined && local !== undefined) return { base: local, note: undefined };
  const first = local ?? urls[0];
  const path = first === undefined || !URL.canParse(first, FALLBACK) ? '' : new URL(first, FALLBACK).pathname;
  const ofDocument = /[{}]|%7B/i.test(path) ? '' : path.replace(/\/$/, '');
  if (asked !== undefined) return { base: withPath(asked, ofDocument), note: undefined };
  const own = first === undefined ? '' : `The document says ${first}. `;
  return { base: FALLBACK + ofDocument, note: own + REPLACE_ADDRESS };
}

function withPath(url: string, path: string): string {
  const { origin, pathname } = new URL(url);
  return origin + (pathname === '/' ? path : pathname.replace(/\/$/, ''));
}

/** Variables that have no default stay as they are. */
function withDefaults({ url, variables }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof url !== 'string') return undefined;
  return url.replaceAll(/\{([^{}]+)\}/g, (hole, name: string) => {
    const variable = isMapping(variables) ? variables[name] : undefined;
    return isMapping(variable) ? plain(variable['default'] ?? hole) : hole;
  });
}
