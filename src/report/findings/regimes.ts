import type { Finding } from '../../analysis/finding.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { formatRate, formatRatio, formatUs } from '../format.ts';
import type { Names } from './names.ts';
import type { Template } from './template.ts';

/**
 * `With more work per message (200/s): Message queue confirms sooner than REST replies from
 * about 0.45 ms on; gRPC completes high → medium from about 1.2 ms on (1.90× → 1.03×). With a higher rate (no work): no word changes from 50/s to 500/s.`
 */
export const regimes: Template = (found, names) => {
  if (found.length === 0) return undefined;
  const byAxis = Map.groupBy(found, axisText);
  return [...byAxis].map(([axis, own]) => `${axis}: ${changesText(own, names)}.`).join(' ');
};

interface Place {
  readonly id: string;
  readonly text: string;
  readonly ratio: number | undefined;
  readonly word: string | undefined;
}

function placesOf(finding: Finding): Place[] {
  const { subject, terms } = finding;
  const isRate = terms?.['condition'] === 'rate';
  return subject.flatMap(({ kind, id }) => {
    if (kind !== 'variant') return [];
    const value = figureIn(finding, isRate ? 'rate' : 'processing-time', id)?.value ?? 0;
    const ratio = figureIn(finding, `${terms?.['figure']}-ratio`, id)?.value;
    const text = isRate ? formatRate(value) : workText(value);
    return [{ id, text, ratio, word: terms?.[`word-at-${id}`] }];
  });
}

/** `0 ms`, `20 ms`: as it was set. */
function workText(us: number): string {
  return `${Number((us / 1000).toPrecision(3))} ms`;
}

/** What rises, and in brackets what is alike. */
function axisText(finding: Finding): string {
  const id = placesOf(finding)[0]!.id;
  if (finding.terms?.['condition'] === 'rate') {
    const us = figureIn(finding, 'processing-time', id)?.value ?? 0;
    return `With a higher rate (${us === 0 ? 'no work' : `${workText(us)} of work per message`})`;
  }
  return `With more work per message (${formatRate(figureIn(finding, 'rate', id)?.value ?? 0)})`;
}

function changesText(found: readonly Finding[], names: Names): string {
  const changes = found.filter(({ verdict }) => verdict === 'changes');
  const open = found.filter(({ verdict }) => verdict === 'inconclusive').length;
  const rest = open === 0 ? '' : ` (${open} of ${found.length} not known at every step)`;
  if (changes.length > 0) return `${changes.map((one) => changeText(one, names)).join('; ')}${rest}`;
  const places = placesOf(found[0]!);
  return `no word changes from ${places[0]!.text} to ${places.at(-1)!.text}${rest}`;
}

/** Each change of one pattern's word, in the order of the axis. */
function changeText(finding: Finding, names: Names): string {
  const [pattern, reference] = finding.subject.map(({ id }) => names.title('pattern', id));
  const known = placesOf(finding).filter(({ word }) => word !== undefined);
  const { figure, waits } = finding.terms ?? {};
  const verb = waits === 'confirm' ? 'confirms' : 'replies';
  const steps = known.slice(1).flatMap((to, i) => {
    const from = known[i]!;
    if (from.word === to.word) return [];
    const at = figureIn(finding, 'changes-at', to.id);
    const since = at ? `from about ${formatUs(at.value)} on` : `at ${to.text}`;
    return figure === 'response'
      ? [`${verb} ${to.word === 'shorter' ? 'sooner' : 'later'} than ${reference} replies ${since}`]
      : [`completes ${from.word} → ${to.word} ${since} (${ratioText(from)} → ${ratioText(to)})`];
  });
  return `${pattern} ${steps.join(', ')}`;
}

function ratioText({ ratio }: Place): string {
  return ratio === undefined ? '–' : formatRatio(ratio);
}
