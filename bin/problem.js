/** The exit code for "the environment does not allow it" (src/kernel/errors.ts has the whole table). */
export const EXIT_ENVIRONMENT = 6;

/** What can keep commbench from starting: what was expected and found, and what to do about it. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    super(message);
    this.name = 'Problem';
    this.hint = hint;
  }
}

/**
 * Ends the process with one clear message for a Problem; anything else is a defect and keeps its stack.
 * @param {unknown} error
 */
export function reportProblem(error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`commbench: ${error.message}\n  ${error.hint}\n`);
  process.exit(EXIT_ENVIRONMENT);
}
