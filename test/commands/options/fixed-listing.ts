import path from 'node:path';
import type * as definitions from '../../../src/platform/definitions.ts';

/**
 * What golden texts of lists and help are of, by folder: they check each of these exactly, and one more changes none of
 * them. Add a name and run `vitest -u` to have its text checked too.
 */
const LISTED: Readonly<Record<string, string>> = {
  experiments: 'ab calibrate crossover live run selftest sweep',
  faults:
    'bandwidth black-hole delay end-before-ack error freeze hang kill latency load poison policies refuse reset',
  interactions: 'event-stream publish-subscribe request-reply server-stream work-queue',
  kinds: 'broker-outage control fault idle-busy latency no-op service-outage wire-bytes',
  policies:
    'bulkhead circuit-breaker cockatiel deadline fallback guides-breaker hedge none opossum retry timeout',
};
export const FORMATS = ['csv', 'html', 'json', 'junit', 'markdown', 'table'];

/** In place of src/platform/definitions.ts, for `vi.mock`: it finds nothing else in those folders. */
export function fixedListing(real: typeof definitions): typeof definitions {
  return {
    ...real,
    definitionsIn: async <Of>(folder: string) => (await real.definitionsIn<Of>(folder)).filter(isIn(folder)),
    definitionsBeside: async <Of>(file: string) =>
      (await real.definitionsBeside<Of>(file)).filter(isIn(path.dirname(file))),
    foldersWith: (folder, module) =>
      real.foldersWith(folder, module).filter((name) => isIn(folder)({ name })),
  };
}

function isIn(folder: string): (definition: unknown) => boolean {
  const names = LISTED[path.basename(folder)]?.split(' ');
  return (definition) => names?.includes((definition as { readonly name: string }).name) ?? true;
}
