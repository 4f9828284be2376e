import type { OutageOfRow, OutageStatement } from '../../analysis/findings/statements/outage.ts';
import { caveatText } from '../caveat.ts';
import { downText } from '../down-text.ts';
import { formatCount, formatMs, formatShare } from '../format.ts';
import { latenessText } from '../lateness-text.ts';
import type { Templates } from '../template.ts';

export const OUTAGE_TEXTS: Templates<OutageStatement> = {
  /** `Service killed for 4 s: REST served 0.0 % of 800 calls and 800 were never done; ...` */
  'service-away': ({ how, forMs, rows }) => {
    const each = rows.map((row) => `${row.title} ${outageText(row)}`);
    return `Service ${downText(how)} for ${formatMs(forMs)}: ${each.join('; ')}.`;
  },
};

const UNKNOWN = {
  'not-run': 'was not run',
  'no-result': 'gave no result',
  'not-seen': 'was not observed to go down',
  'no-call': 'met no call while it was down',
} as const;

function outageText({ state, seen, served: word, caveat }: OutageOfRow): string {
  if (state !== 'known') return UNKNOWN[state];
  const { intended, served, finallyDone } = seen.counts;
  const ending =
    finallyDone === intended
      ? `finally did all of it${latenessText(seen)}`
      : `${formatCount(intended - finallyDone)} were never done`;
  return `${word} ${formatShare(served / intended)} of ${formatCount(intended)} calls and ${ending} (${seen.verdicts.join(' / ')} coupling)${caveatText(caveat)}`;
}
