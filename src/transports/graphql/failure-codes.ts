import { STATUS_OF } from '../http/status.ts';
import type { FailureStatus } from '../../kernel/contract.ts';

/** `extensions` of an error that both sides understand. */
export interface FailureExtensions {
  readonly code: string;
  /** `none` is the service's promise that nothing happened. */
  readonly effect: 'none' | 'unknown';
}

export function failureExtensions(status: FailureStatus, noEffect: boolean): FailureExtensions {
  return { code: codeOf(status), effect: noEffect ? 'none' : 'unknown' };
}

/** HTTP status of a failure code, as most errors come with a 200. Undefined: no code of ours. */
export function statusOfCode(code: unknown): number | undefined {
  return STATUSES.get(code);
}

function codeOf(status: FailureStatus): string {
  return status.toUpperCase().replaceAll('-', '_');
}

const STATUSES: ReadonlyMap<unknown, number> = new Map(
  Object.entries(STATUS_OF).map(([status, number]) => [codeOf(status as FailureStatus), number]),
);
