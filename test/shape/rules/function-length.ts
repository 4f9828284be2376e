import { functionFigures, lengthsOf } from '../figures.ts';
import type { Rule } from '../rule.ts';

const MOST_LINES = 60;
const P90_LINES = 20;

/** Lines with code, those of functions within included. */
export const functionLength: Rule = {
  name: 'function-length',
  check: ({ sources }) => {
    const tooLong = sources.flatMap((file) =>
      lengthsOf(file)
        .filter(({ length }) => length > MOST_LINES)
        .map(({ line, length }) => ({
          path: file.path,
          line,
          what: `function of ${length} lines, at most ${MOST_LINES}`,
        })),
    );
    const { p90 } = functionFigures(sources);
    const what = `p90 of all functions is ${p90} lines, at most ${P90_LINES}`;
    return p90 > P90_LINES ? [...tooLong, { path: 'src', line: 1, what }] : tooLong;
  },
};
