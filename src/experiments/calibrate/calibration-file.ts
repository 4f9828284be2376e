import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';
import { patternKey } from '../../plan/pattern-key.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';
import { cacheFolder } from '../../platform/packages/cache-folder.ts';
import type { Environment } from '../../record/environment.ts';
import type { RunDesign } from '../../record/record.ts';
import { readStored, validRecord } from '../../record/store.ts';
import { calibratedPatternOf } from './found.ts';
import { type CalibrationRecord, calibrationSchema } from './record.ts';

/** Properties of the machine and its software; a change in one of them makes it another machine. */
const FINGERPRINT = ['commbench', 'os', 'kernel', 'arch', 'cpu', 'cores', 'coresUsable', 'node'] as const;

export function fingerprintOf(environment: Environment): string {
  const parts = FINGERPRINT.map((name) => [name, environment[name] ?? null]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** The calibration of this machine, shared by all runs of this user. */
export function calibrationFile(
  fingerprint: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return path.join(cacheFolder(env), 'calibrations', `${fingerprint}.json`);
}

/** The last calibration; undefined where there is none, or it is damaged: results do not depend on it. */
export function readCalibration(file: string): CalibrationRecord | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const stored = readStored(file);
    return stored.experiment === 'calibrate' ? validRecord(stored, calibrationSchema) : undefined;
  } catch (error) {
    if (error instanceof CommbenchError) return undefined;
    throw error;
  }
}

/** Known figures of these patterns, for their result; null where nothing is known. @param given the user's own brokers */
export function calibrationOf(
  patterns: readonly ResolvedPattern[],
  given: Readonly<Record<string, string>>,
  environment: Environment,
): RunDesign['calibration'] {
  const known = readCalibration(calibrationFile(fingerprintOf(environment)));
  if (!known) return null;
  const found = patterns.flatMap((pattern) => {
    const { entries } = known.design;
    const own =
      pattern.target === undefined
        ? entries.find(({ key }) => key === patternKey(pattern, given))
        : undefined;
    if (!own) return [];
    const { at, noop, sustainedRate } = calibratedPatternOf(known, own);
    if (at === null) return [];
    const figures = { noopP50Us: noop?.p50Us ?? null, sustainedPerS: sustainedRate?.sustainedPerS ?? null };
    const isLeast = figures.sustainedPerS !== null && sustainedRate?.isWhole === false;
    const more = { ...(isLeast && { isSustainedAtLeast: true }), ...(own.broker && { broker: own.broker }) };
    return [[pattern.id, { at, ...figures, ...more }] as const];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}
