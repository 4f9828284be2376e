import type { Rule } from '../rule.ts';

const MOST_MEMBERS = 12;

/** Interfaces and object types: what has more is several things, and is to be grouped. */
export const memberCount: Rule = {
  name: 'member-count',
  check: ({ sources }) =>
    sources.flatMap((file) =>
      file.objectTypes
        .filter(({ members }) => members > MOST_MEMBERS)
        .map(({ line, members }) => ({
          path: file.path,
          line,
          what: `type of ${members} members, at most ${MOST_MEMBERS}`,
        })),
    ),
};
