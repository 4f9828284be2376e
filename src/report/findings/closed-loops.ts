import type { Finding } from '../../analysis/finding.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { formatCount, formatRate, formatUs } from '../format.ts';
import type { Names } from './names.ts';
import type { Template } from './template.ts';

/** `Closed loop, 16 → 1,000 open: Message queue 4,200/s → 9,800/s accepted, p50 3.70 ms → 98.0 ms; ...` */
export const closedLoops: Template = (found, names) => {
  const known = found.filter(({ figures }) => figures.some(({ value }) => value !== null));
  if (known.length === 0) return undefined;
  return `Closed loop: ${known.map((finding) => patternText(finding, names)).join('; ')}.`;
};

/** The ends of the range in which it is known. */
function patternText(finding: Finding, names: Names): string {
  const at = finding.figures.flatMap(({ name, of = '', value }) =>
    name === 'accepted' && value !== null ? [of] : [],
  );
  const ends = [...new Set([at[0]!, at.at(-1)!])];
  const over = (name: string, format: (value: number) => string) =>
    ends.map((open) => format(figureIn(finding, name, open)?.value ?? 0)).join(' → ');
  const how = finding.terms?.['waits'] === 'confirm' ? 'accepted' : 'answered';
  const title = names.title('pattern', finding.subject[0]!.id);
  const open = `${ends.map((one) => formatCount(Number(one))).join(' → ')} open`;
  return `${title} ${over('accepted', formatRate)} ${how}, p50 ${over('response-p50', formatUs)} (${open})`;
}
