/** From `from` to `to` in so many steps of one factor; three digits, as people read them. */
export function evenSteps({ from, to, steps: count }: { from: number; to: number; steps: number }): number[] {
  const factor = (to / from) ** (1 / Math.max(1, count - 1));
  const values = Array.from({ length: count }, (_, i) => Number((from * factor ** i).toPrecision(3)));
  return [...new Set(values)];
}
