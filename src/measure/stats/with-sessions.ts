import { meanInterval, type RatioInterval, studentQuantile } from './ratio.ts';
import type { BetweenSessions } from './unpaired.ts';

/**
 * Interval for a ratio as any session of this kind would find it: the scatter of the rounds, and that between sessions,
 * which no number of rounds reduces. Degrees of freedom by Welch 1947 and Satterthwaite 1946,
 * https://doi.org/10.2307/3002019, rounded down.
 * @param ratios one positive ratio a round
 * @returns undefined for fewer than two rounds
 */
export function ratioOverSessions(
  ratios: readonly number[],
  confidence: number,
  between: BetweenSessions,
): RatioInterval | undefined {
  const rounds = ratios.length;
  const found = meanInterval(
    ratios.map((ratio) => Math.log(ratio)),
    confidence,
  );
  if (!found) return undefined;
  const [within, apart] = [found.deviation ** 2 / rounds, between.deviation ** 2];
  const variance = within + apart;
  const weighted = within ** 2 / (rounds - 1) + apart ** 2 / between.degrees;
  const degrees = weighted === 0 ? rounds - 1 : Math.max(1, Math.floor(variance ** 2 / weighted));
  const half = studentQuantile(confidence, degrees) * Math.sqrt(variance);
  const [ratio, low, high] = [found.mean, found.mean - half, found.mean + half].map(Math.exp);
  return { pairs: rounds, ratio: ratio!, low: low!, high: high! };
}
