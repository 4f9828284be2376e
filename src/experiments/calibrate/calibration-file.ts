import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';
import { rowKey } from '../../plan/row-key.ts';
import type { Row } from '../../plan/spec.ts';
import { cacheFolder } from '../../platform/packages/cache-folder.ts';
import type { Environment } from '../../record/environment.ts';
import type { RunDesign } from '../../record/record.ts';
import { readStored, validRecord } from '../../record/store.ts';
import { calibratedRow } from './found.ts';
import { type CalibrationRecord, calibrationSchema } from './record.ts';

/** What makes a machine, or what runs on it, another one. */
const FINGERPRINT = ['commbench', 'os', 'kernel', 'arch', 'cpu', 'cores', 'coresUsable', 'node'] as const;

export function fingerprintOf(environment: Environment): string {
  const parts = FINGERPRINT.map((name) => [name, environment[name] ?? null]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** Where this machine's calibration lies, whoever measures here. */
export function calibrationFile(
  fingerprint: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return path.join(cacheFolder(env), 'calibrations', `${fingerprint}.json`);
}

/** The last one here; undefined where there is none. A damaged one is none: it is only beside results. */
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

/** What is known here of these rows over these brokers of the user's own, for their result; null where nothing is. */
export function calibrationOf(
  rows: readonly Row[],
  given: Readonly<Record<string, string>>,
  environment: Environment,
): RunDesign['calibration'] {
  const known = readCalibration(calibrationFile(fingerprintOf(environment)));
  if (!known) return null;
  const found = rows.flatMap((row) => {
    const { entries } = known.design;
    const own = row.target === undefined ? entries.find(({ key }) => key === rowKey(row, given)) : undefined;
    if (!own) return [];
    const { at, floor, ceiling } = calibratedRow(known, own);
    if (at === null) return [];
    const figures = { floorP50Us: floor?.p50Us ?? null, ceilingPerS: ceiling?.keptPerS ?? null };
    const isLeast = figures.ceilingPerS !== null && ceiling?.isWhole === false;
    return [[row.id, { at, ...figures, ...(isLeast ? { isCeilingLeast: true } : {}) }] as const];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}
