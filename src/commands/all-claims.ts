import path from 'node:path';
import type { GuideClaim } from '../analysis/claims/claim.ts';
import { definitionsIn } from '../platform/definitions.ts';

/** Each file has claims of one kind: a new one is found, and there is no list to edit. Here, as analysis reads no folder. */
const FOLDER = path.join(import.meta.dirname, '../analysis/claims/rules');

/** The guides' claims in the order of their numbers, then the presets they recommend. */
export const CLAIMS: readonly GuideClaim[] = (await definitionsIn<readonly GuideClaim[]>(FOLDER))
  .flat()
  .toSorted((a, b) => numberOf(a) - numberOf(b) || (a.id < b.id ? -1 : 1));

/** Presets have no number and come last. */
function numberOf({ id }: GuideClaim): number {
  return /^\d/.test(id) ? Number.parseInt(id, 10) : Infinity;
}
