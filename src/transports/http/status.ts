import type { FailureStatus } from '../../kernel/contract.ts';

/** HTTP statuses of the service's failures. */
export const STATUS_OF: Readonly<Record<FailureStatus, number>> = {
  'bad-request': 400,
  'not-found': 404,
  overloaded: 503,
  'deadline-passed': 504,
  internal: 500,
};

/** The service's failure behind an HTTP status; undefined: something else. */
export function failureStatusOfHttp(status: number): FailureStatus | undefined {
  return BY_NUMBER.get(status);
}

const BY_NUMBER: ReadonlyMap<number, FailureStatus> = new Map(
  Object.entries(STATUS_OF).map(([status, number]) => [number, status as FailureStatus]),
);
