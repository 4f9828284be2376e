import type { OutageSeen } from '../analysis/patterns/outage-seen.ts';
import { formatLimit, formatUs } from './format.ts';

/** `, 95 % within 4.33 s`: how late the work of an outage was done; empty where that is inconclusive. */
export function latenessText({ completion }: OutageSeen): string {
  if (!completion) return '';
  const { quantile, valueUs } = completion.known;
  return `, ${formatLimit(quantile)} within ${formatUs(valueUs)}`;
}
