import { NS_PER_S } from '../../kernel/clock.ts';
import type { Phase } from '../../measure/figures/figures.ts';
import { INTERVAL_NS } from '../../measure/figures/histogram.ts';
import type { Hops } from '../../measure/hops/hop-figures.ts';
import { formatCount, plural } from '../format.ts';

/** What a drawing is made of, one character each. */
export interface Glyphs {
  readonly closed: string;
  readonly opened: string;
  readonly 'half-open': string;
  readonly spanLeft: string;
  readonly span: string;
  readonly spanRight: string;
}
export const UNICODE: Glyphs = {
  closed: '─',
  opened: '▒',
  'half-open': '░',
  spanLeft: '├',
  span: '─',
  spanRight: '┤',
};
export const ASCII: Glyphs = {
  closed: '-',
  opened: '#',
  'half-open': ':',
  spanLeft: '[',
  span: '=',
  spanRight: ']',
};

type Transition = Hops['transitions'][number];
type State = Transition['to'];

interface Span {
  readonly fromNs: number;
  readonly toNs: number;
}

/** A state of a breaker, from the transition into it to the next one, and the calls of that time. */
interface Stay extends Span {
  readonly transition: Transition;
  probes: number;
  rejected: number;
}

interface Timeline {
  readonly label: string;
  readonly stays: readonly Stay[];
}

/** Lines about each breaker: of more transitions than that, only how many there were between the first and the last. */
const MOST_TOLD = 12;
const FIRST_TOLD = 7;
const LEAST_BAR = 20;
/** Phases in which nothing is the matter (run/fault-phases.ts). */
const CALM = new Set(['baseline', 'between', 'recovery']);

/**
 * The breakers of a trial: when which fault was, each breaker's state on one axis of time, and below it each
 * transition with its instant, its cause and its calls. Empty where no breaker ever left its first state.
 * @param phases of the trial; of a control, one with a calm name
 */
export function drawBreakers(
  hops: Pick<Hops, 'transitions' | 'admissions'>,
  phases: readonly Pick<Phase, 'name' | 'fromNs' | 'toNs'>[],
  width: number,
  glyphs: Glyphs = UNICODE,
): string[] {
  const [first, last] = [phases[0], phases.at(-1)];
  const timelines = timelinesOf(hops);
  if (!first || !last || timelines.length === 0) return [];
  const span = { fromNs: first.fromNs, toNs: last.toNs };
  const labelWidth = Math.max('fault'.length, ...timelines.map(({ label }) => label.length));
  const barWidth = Math.max(LEAST_BAR, width - labelWidth - 2);
  const line = (label: string, bar: string): string => `${label.padEnd(labelWidth)}  ${bar}`.trimEnd();
  return [
    line('fault', faultBar(phases, span, barWidth, glyphs)),
    ...timelines.map(({ label, stays }) => line(label, stateBar(stays, span, barWidth, glyphs))),
    line('', axis(span, barWidth)),
    line('', `${glyphs.closed} closed  ${glyphs.opened} open  ${glyphs['half-open']} half-open`),
    ...timelines.flatMap((timeline) => [`${timeline.label}:`, ...told(timeline.stays)]),
  ];
}

function timelinesOf({ transitions, admissions }: Pick<Hops, 'transitions' | 'admissions'>): Timeline[] {
  const byBreaker = Map.groupBy(transitions, ({ edge, policy }) => `${edge} ${policy}`);
  return [...byBreaker.values()].map((own) => {
    const { edge, policy } = own[0]!;
    const stays = staysOf(own);
    // The calls of an edge are known, not those of each of several breakers on it.
    const isAlone = transitions.every((one) => one.edge !== edge || one.policy === policy);
    if (isAlone) for (const cell of admissions) if (cell.edge === edge) assign(cell, stays);
    return { label: isAlone ? edge : `${edge} ${policy}`, stays };
  });
}

function staysOf(transitions: readonly Transition[]): Stay[] {
  const sorted = transitions.toSorted((a, b) => a.atNs - b.atNs);
  return sorted.map((transition, i) => {
    const toNs = sorted[i + 1]?.atNs ?? Infinity;
    return { transition, fromNs: transition.atNs, toNs, probes: 0, rejected: 0 };
  });
}

/**
 * An interval's calls go to the first stay in it that can have had them: where a breaker changed twice within
 * 100 ms, it isn't known which of its half-opens they were of, but none is counted twice.
 */
function assign(cell: Hops['admissions'][number], stays: readonly Stay[]): void {
  const here = stays.filter(({ fromNs, toNs }) => fromNs < cell.atNs + INTERVAL_NS && toNs >= cell.atNs);
  const first = (state: State): Stay | undefined => here.find(({ transition }) => transition.to === state);
  const trying = first('half-open');
  if (trying) trying.probes += cell.probes;
  const rejecting = first('opened') ?? trying;
  if (rejecting) rejecting.rejected += cell.rejected;
}

function faultBar(
  phases: readonly Pick<Phase, 'name' | 'fromNs' | 'toNs'>[],
  span: Span,
  width: number,
  { spanLeft, span: fill, spanRight }: Glyphs,
): string {
  const bar = Array.from({ length: width }, () => ' ');
  for (const phase of phases) {
    const name = phase.name.replace(/#\d+$/, '');
    if (CALM.has(name)) continue;
    const from = cellOf(phase.fromNs, span, width);
    const to = Math.max(from + 1, endCellOf(phase.toNs, span, width));
    const inner = Math.max(0, to - from - 2);
    const title = name.length + 2 <= inner ? ` ${name} ` : name.slice(0, inner);
    const left = Math.floor((inner - title.length) / 2);
    const middle = `${fill.repeat(left)}${title}`.padEnd(inner, fill);
    const text = to - from === 1 ? spanLeft : `${spanLeft}${middle}${spanRight}`;
    bar.splice(from, to - from, ...text);
  }
  return bar.join('');
}

/** Whatever happened in a cell is seen in it: half-open before open before closed. */
function stateBar(stays: readonly Stay[], span: Span, width: number, glyphs: Glyphs): string {
  const bar: State[] = Array.from({ length: width }, () => 'closed');
  for (const state of ['opened', 'half-open'] as const) {
    for (const { transition, fromNs, toNs } of stays) {
      if (transition.to !== state || fromNs > span.toNs || toNs < span.fromNs) continue;
      const from = cellOf(Math.max(fromNs, span.fromNs), span, width);
      const to = endCellOf(toNs, span, width);
      bar.fill(state, from, Math.max(from + 1, to));
    }
  }
  return bar.map((state) => glyphs[state]).join('');
}

function cellOf(atNs: number, { fromNs, toNs }: Span, width: number): number {
  return Math.min(width - 1, Math.floor(((atNs - fromNs) / Math.max(1, toNs - fromNs)) * width));
}

/** The first cell after what ends then. */
function endCellOf(atNs: number, span: Span, width: number): number {
  return atNs >= span.toNs ? width : cellOf(atNs, span, width);
}

/** Seconds at steps of 1, 2 or 5 times a power of ten, as many as have room. */
function axis(span: Span, width: number): string {
  const seconds = (span.toNs - span.fromNs) / NS_PER_S;
  const label = (s: number): string => `${Number(s.toPrecision(6))} s`;
  const room = label(Math.ceil(seconds)).length + 3;
  const least = Math.max((seconds * room) / width, 1e-3);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => s >= least)!;
  const bar = Array.from({ length: width }, () => ' ');
  for (let n = 0; n * step < seconds; n++) {
    const text = label(n * step);
    const at = cellOf(span.fromNs + n * step * NS_PER_S, span, width);
    if (at + text.length <= width) bar.splice(at, text.length, ...text);
  }
  return bar.join('');
}

/** The first and the last ones: how it began, and how it ended. */
function told(stays: readonly Stay[]): string[] {
  if (stays.length <= MOST_TOLD) return stays.map(stayText);
  const [first, last] = [stays.slice(0, FIRST_TOLD), stays.slice(FIRST_TOLD + 1 - MOST_TOLD)];
  const between = stays.slice(FIRST_TOLD, -last.length);
  return [...first.map(stayText), betweenText(between), ...last.map(stayText)];
}

function stayText({ transition: { atNs, to, cause }, probes, rejected }: Stay): string {
  const at = `${(atNs / NS_PER_S).toFixed(2)} s`.padStart(9);
  const calls = [
    to === 'half-open' ? plural(probes, 'probe') : '',
    rejected > 0 ? `${formatCount(rejected)} rejected` : '',
  ];
  return `${at}  ${[`${to}: ${cause}`, ...calls.filter(Boolean)].join(', ')}`;
}

function betweenText(stays: readonly Stay[]): string {
  const sum = (of: (stay: Stay) => number): number => stays.reduce((n, stay) => n + of(stay), 0);
  const counts = (['opened', 'half-open', 'closed'] as const).map(
    (state) => `${formatCount(sum(({ transition }) => Number(transition.to === state)))} ${state}`,
  );
  const calls = `${plural(
    sum((stay) => stay.probes),
    'probe',
  )}, ${formatCount(sum((stay) => stay.rejected))} rejected`;
  return `${' '.repeat(9)}  ${formatCount(stays.length)} more: ${counts.join(', ')}; ${calls}`;
}
