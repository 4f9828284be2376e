import type { Finding } from '../../analysis/finding.ts';
import { oneOf } from '../format.ts';
import type { Names } from './names.ts';
import { idsOfRank, p50Text, noRecommendation, shortfallTexts } from './choice.ts';
import type { Template } from './template.ts';

/** `Completes soonest: REST (0.30 ms), then Message queue (0.57 ms); unequal guarantees.` */
export const completionOrder = orderTemplate('Completes soonest', 'completion');
export const firstItemOrder = orderTemplate('First item soonest', 'first-item');
export const jitterOrder = orderTemplate('Least jitter', 'jitter');

function orderTemplate(start: string, figure: string): Template {
  return (found, names) => {
    const variants = found.filter(({ subject }) => subject[0]?.kind === 'variant');
    if (variants.length > 0) return `${start} ${variantTexts(variants, names).join('; ')}.`;
    const [finding] = found;
    if (!finding) return undefined;
    return `${start}: ${orderText(finding, names, figure)}${guaranteeText(finding)}.`;
  };
}

/** Variants of one order together: `at 1 kB, 10 kB REST, then gRPC`. */
function variantTexts(found: readonly Finding[], names: Names): string[] {
  const byText = Map.groupBy(found, (finding) => orderText(finding, names));
  return [...byText].map(([text, all]) => {
    const titles = all.map(({ subject }) => names.title('variant', subject[0]!.id));
    return `at ${titles.join(', ')}: ${text}`;
  });
}

/** @param figure whose medians are stated; absent: none is */
function orderText(finding: Finding, names: Names, figure?: string): string {
  if (finding.verdict === 'no-recommendation') return noRecommendation(finding, names);
  const ranks = finding.figures.flatMap(({ name, value }) => (name === 'rank' ? (value ?? []) : []));
  const one = (id: string) => {
    const median = figure === undefined ? '' : ` (${p50Text(finding, id, figure)})`;
    return names.title('pattern', id) + median;
  };
  const groups = [...new Set(ranks)].map((rank) => oneOf(idsOfRank(finding, rank).map(one)));
  const why = {
    'not-significant': ', difference not significant',
    'too-few-rounds': ', too few comparable rounds for an order',
  };
  const short = shortfallTexts(finding, names).map((text) => `; ${text}`);
  return [groups.join(', then '), why[finding.verdict as keyof typeof why] ?? '', ...short].join('');
}

function guaranteeText({ caveats }: Finding): string {
  return caveats.some(({ code }) => code === 'unequal-guarantees') ? '; their guarantees differ' : '';
}
