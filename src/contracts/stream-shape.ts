import type { Contract, StreamShape } from '../kernel/contract.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { operationByName } from './contracts.ts';

/**
 * The common shape of a mix's streams, as jitter is measured against one plan.
 * @returns undefined where none of the operations streams
 * @throws CommbenchError bad-scenario where only some stream, or streams differ
 */
export function streamShapeOf(
  contract: Contract,
  mix: readonly { readonly operation: string }[],
): StreamShape | undefined {
  const shapes = mix.map(({ operation }) => operationByName(contract, operation).stream);
  const [first] = shapes;
  if (shapes.every((shape) => shape?.items === first?.items && shape?.everyMs === first?.everyMs))
    return first;
  const names = mix.map(({ operation }) => operation).join(', ');
  throw new CommbenchError(
    'bad-scenario',
    `The operations of a mix must all stream alike, or none may stream: ${names}`,
  );
}
