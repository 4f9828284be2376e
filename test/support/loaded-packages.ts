import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Writes down every module that the process loads. */
const RECORDER = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.TEST_LOADED, url + '\\n');
    return next(url, context);
  },
});
`;

/** Flags and environment by which a Node process says what it loads, and what it said, of one folder of a test. */
export function recordLoaded(folder: string) {
  const file = path.join(folder, 'loaded');
  return {
    flags: ['--import', `data:text/javascript,${encodeURIComponent(RECORDER)}`],
    env: { TEST_LOADED: file },
    /** The packages, sorted. */
    packages(): string[] {
      const urls = readFileSync(file, 'utf8');
      const names = urls.matchAll(/\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\/[^\n]*$/gm);
      return [...new Set(names.map(([, name]) => name!))].toSorted();
    },
  };
}
