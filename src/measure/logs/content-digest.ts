import type { Content } from '../../kernel/contract.ts';

/** No content was recorded. */
export const NO_CONTENT_DIGEST = 0;

/**
 * 32 bits over the fields and values of a content, whatever their order: what was stored is compared with what was
 * sent by it. FNV-1a; never `NO_CONTENT_DIGEST`. One difference in 4,294,967,296 stays hidden.
 */
export function contentDigest(content: Content): number {
  const fields = Object.entries(content).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0 || 1;
}
