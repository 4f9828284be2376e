import { draw } from './random.ts';

/** The operations that arrivals request, with their weights. */
export type Mix = readonly { readonly operation: string; readonly share: number }[];

/**
 * Chooses by hash with the weights of the mix: one arrival always requests one operation, whatever the timing (DESIGN
 * 3.15).
 */
export function operationChooser({ seed, mix }: { readonly seed: number; readonly mix: Mix }) {
  const total = mix.reduce((sum, m) => sum + m.share, 0);
  const last = mix.at(-1)!.operation;
  return (sequence: number): string => {
    if (mix.length === 1) return last;
    let rest = draw(seed, 'operation', sequence) * total;
    for (const { operation, share } of mix) {
      if (rest < share) return operation;
      rest -= share;
    }
    return last;
  };
}
