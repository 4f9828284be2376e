import { fanOutOf, type Topology } from '../../kernel/topology.ts';

/**
 * Executions of arrival `index` when nothing fails, per service (or subscriber); 0 where its operation does not
 * arrive.
 */
export type FanOutAt = (index: number) => readonly number[];

/** @param subscribers of a pattern without a topology: each executes every arrival once */
export function fanOutAt(
  topology: Topology | undefined,
  subscribers: number,
  operationAt: (index: number) => string,
): FanOutAt {
  if (!topology) {
    const each = Array.from({ length: subscribers }, () => 1);
    return () => each;
  }
  const known = new Map<string, readonly number[]>();
  return (index) => {
    const operation = operationAt(index);
    const found = known.get(operation) ?? fanOutOf(topology, operation);
    known.set(operation, found);
    return found;
  };
}
