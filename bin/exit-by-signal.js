import { constants } from 'node:os';

/**
 * As a shell reports it, so that the code is the documented one (130, 143) through npx too.
 * @param {NodeJS.Signals} signal
 * @returns {never}
 */
export function exitBySignal(signal) {
  process.exit(128 + constants.signals[signal]);
}
