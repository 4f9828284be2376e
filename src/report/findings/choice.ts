import type { Caveat, Finding } from '../../analysis/finding.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { formatLimit, formatRatio, formatShare, formatUs, oneOf, plural } from '../format.ts';
import type { Names } from './names.ts';
import { caveatWords } from './caveats.ts';
import type { Template } from './template.ts';

/** `If the caller needs a response: REST (p50 0.80 ms; gRPC 1.31×, GraphQL 1.52×).` */
export const fastestResponse: Template = ([finding], names) => {
  if (!finding) return undefined;
  const start = 'If the caller needs a response:';
  const title = titleOf(names);
  if (finding.verdict === 'no-recommendation') return `${start} ${noRecommendation(finding, names)}.`;
  const first = idsOfRank(finding, 1);
  const medians = (ids: readonly string[]) => ids.map((id) => p50Text(finding, id, 'response'));
  const others = finding.subject
    .filter(({ id }) => !first.includes(id) && figureIn(finding, 'rank', id))
    .map(({ id }) => `${title(id)} ${ratioText(finding, id, 'response')}`);
  const short = shortfallTexts(finding, names);
  const unclear = { 'not-significant': ', difference not significant', 'too-few-rounds': ', too few rounds' };
  const why = unclear[finding.verdict as keyof typeof unclear] ?? '';
  const rest = [...others, ...short];
  const named = oneOf(first.map(title));
  return `${start} ${named} (p50 ${medians(first).join(', ')}${why}${rest.length > 0 ? `; ${rest.join(', ')}` : ''}).`;
};

function titleOf(names: Names): (id: string) => string {
  return (id) => names.title('pattern', id);
}

const SHORTFALLS: readonly string[] = ['saturated', 'failing'];

/** `REST failing`: measured, and none to recommend. */
export function shortfallTexts(finding: Finding, names: Names): string[] {
  return SHORTFALLS.flatMap((code) =>
    idsOfCaveat(finding, code).map((id) => `${names.title('pattern', id)} ${code}`),
  );
}

/** `no recommendation: 2 of 3 measured (REST: noisy host)`. */
export function noRecommendation({ subject, caveats }: Finding, names: Names): string {
  const patterns = subject.filter(({ kind }) => kind === 'pattern');
  const open = caveats.filter(({ of, code }) => of !== undefined && !SHORTFALLS.includes(code));
  const measured = patterns.length - open.length;
  return `no recommendation: ${measured} of ${patterns.length} measured${openText(open, names)}`;
}

function openText(open: readonly Caveat[], names: Names): string {
  if (open.length === 0) return '';
  const byWhy = Map.groupBy(open, ({ code }) => code);
  const texts = [...byWhy].map(([code, all]) => {
    return `${all.map(({ of }) => names.title('pattern', of!)).join(', ')}: ${caveatWords(code)}`;
  });
  return ` (${texts.join('; ')})`;
}

export function idsOfRank({ figures }: Finding, rank: number): string[] {
  return figures.flatMap(({ name, of, value }) => (name === 'rank' && value === rank ? (of ?? []) : []));
}

function idsOfCaveat({ caveats }: Finding, code: string): string[] {
  return caveats.flatMap((caveat) => (caveat.code === code ? (caveat.of ?? []) : []));
}

export function p50Text(finding: Finding, id: string, figure: string): string {
  const median = figureIn(finding, `${figure}-p50`, id);
  return median ? formatUs(median.value) : '–';
}

function ratioText(finding: Finding, id: string, kind: 'response' | 'completion'): string {
  const ratio = figureIn(finding, `${kind}-ratio`, id);
  return ratio ? formatRatio(ratio.value) : '–';
}

/** `Tolerates consumer downtime: Message queue (all done, 95 % within 4.33 s).` */
export const toleratesDowntime: Template = ([finding], names) => {
  if (!finding) return undefined;
  const start = 'Tolerates consumer downtime:';
  const open = openText(finding.caveats, names);
  const rest = open === '' ? '' : `; not measured:${open.replace(' (', ' ').replace(/\)$/, '')}`;
  if (finding.verdict === 'none') return `${start} none of the measured patterns${rest}.`;
  const each = finding.subject.map(
    ({ id }) => `${names.title('pattern', id)} (${sustainedText(finding, id)})`,
  );
  return `${start} ${each.join(', ')}${rest}.`;
};

function sustainedText(finding: Finding, id: string): string {
  const [accepted, done] = ['accepted', 'done'].map((name) => figureIn(finding, name, id)?.value ?? 0);
  const isWhole = accepted === 1 && done === 1;
  const outcome = isWhole ? 'all done' : `${formatShare(accepted!)} accepted, ${formatShare(done!)} done`;
  const late = finding.figures.find(({ name, of }) => of === id && name.endsWith('-of-outage'));
  const quantile = /-p([\d.]+)-/.exec(late?.name ?? '')?.[1];
  if (!late || late.value === null || quantile === undefined) return outcome;
  return `${outcome}, ${formatLimit(Number(quantile) / 100)} within ${formatUs(late.value)}`;
}

/**
 * `Its price: Event-driven 3.56× the completion time of REST (Message queue: not established); a broker to run.` A ratio is
 * established where comparable rounds tell the two apart: otherwise there are too few, or they show no difference.
 */
export const priceOfTolerance: Template = ([finding], names) => {
  if (!finding) return undefined;
  const best = names.title('pattern', finding.subject.at(-1)!.id);
  const loose = finding.subject.slice(0, -1);
  const ratioOf = (id: string) => figureIn(finding, 'completion-ratio', id);
  const known = loose.filter(({ id }) => ratioOf(id));
  const open = loose.filter(({ id }) => !ratioOf(id)).map(({ id }) => names.title('pattern', id));
  const ratios = known.map(({ id }) => `${names.title('pattern', id)} ${formatRatio(ratioOf(id)!.value)}`);
  const unclear = open.length === 0 ? '' : ` (${open.join(', ')}: not established)`;
  const price =
    known.length > 0
      ? `${ratios.join(', ')} the completion time of ${best}${unclear}`
      : `completion time against ${best} not established`;
  const isOverBroker = loose.some(({ id }) => figureIn(finding, 'brokers-to-run', id));
  return `Its price: ${price}${isOverBroker ? '; a broker to run' : ''}.`;
};

/** `Guides: 2 of 4 measured ratings supported; contradicted: gRPC latency (low → high); 5 as built (coupling).` */
export const ratings: Template = (all, names) => {
  const [built, found] = [all.filter(isByConstruction), all.filter((one) => !isByConstruction(one))];
  const of = (verdict: string) => found.filter((finding) => finding.verdict === verdict);
  const name = ({ subject: [pattern, rating] }: Finding) =>
    `${names.title('pattern', pattern!.id)} ${rating!.id}`;
  const contradicted = of('contradicted').map(
    (one) => `${name(one)} (${one.terms?.['claimed']} → ${one.terms?.['measured']})`,
  );
  const open = of('inconclusive');
  const parts = [
    `${of('supported').length} of ${plural(found.length, 'measured rating')} supported`,
    ...(contradicted.length > 0 ? [`contradicted: ${contradicted.join(', ')}`] : []),
    ...(open.length > 0 ? [openRatings(open, found.length, name)] : []),
    ...(built.length > 0 ? [`${built.length} as built (${aspectsOf(built)})`] : []),
  ];
  return `Guides: ${parts.join('; ')}.`;
};

/** Supported by how the pattern is built: no measurement of it could come out otherwise. */
function isByConstruction({ caveats }: Finding): boolean {
  return caveats.some(({ code }) => code === 'by-construction');
}

function aspectsOf(found: readonly Finding[]): string {
  return [...new Set(found.flatMap(({ subject: [, rating] }) => rating?.id ?? []))].join(', ');
}

/** `With 21 ms of work: contradicted: Message queue latency (high → medium).` Ratings that are others there. */
export const ratingsElsewhere: Template = (found, names) => {
  const byVariant = Map.groupBy(found, ({ subject }) => subject.at(-1)!.id);
  const each = [...byVariant].map(([variant, own]) => {
    const byVerdict = Map.groupBy(own, ({ verdict }) => verdict!);
    const texts = [...byVerdict].map(([verdict, all]) => {
      const rated = all.map(({ subject: [pattern, rating], terms }) => {
        const change = `${terms?.['claimed']} → ${terms?.['measured']}`;
        return `${names.title('pattern', pattern!.id)} ${rating!.id} (${change})`;
      });
      return `${verdict}: ${rated.join(', ')}`;
    });
    return `With ${names.title('variant', variant)}: ${texts.join('; ')}.`;
  });
  return each.length === 0 ? undefined : each.join(' ');
};

/** Named where they are few. */
function openRatings(open: readonly Finding[], of: number, name: (finding: Finding) => string): string {
  const isFew = open.length <= 2 || open.length < of / 3;
  return isFew ? `inconclusive: ${open.map(name).join(', ')}` : `${open.length} inconclusive`;
}
