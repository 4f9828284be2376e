import path from 'node:path';
import type { Rule } from '../rule.ts';

const MOST_FILES = 25;
/** Made by programs, one after the other, and opened by name. */
const MADE = ['docs/evidence', 'test/golden'];

/** Flat: files in subfolders count there. */
export const folderSize: Rule = {
  name: 'folder-size',
  check: ({ files }) => {
    const folders = Map.groupBy(files, (file) => path.posix.dirname(file));
    return [...folders]
      .filter(([folder, own]) => own.length > MOST_FILES && !MADE.includes(folder))
      .map(([folder, own]) => ({
        path: folder,
        line: 1,
        what: `${own.length} files flat, at most ${MOST_FILES}`,
      }));
  },
};
