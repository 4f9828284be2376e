import type { Phase } from '../../measure/figures/figures.ts';
import { INTERVAL_NS } from '../../measure/figures/histogram.ts';
import type { Hops } from '../../measure/hops/hop-figures.ts';
import type { Chart, ChartSpan, ChartStay, StateSeries } from './chart.ts';

type Transition = Hops['transitions'][number];
type Seen = Pick<Hops, 'transitions' | 'admissions'>;
type PhaseSpan = Pick<Phase, 'name' | 'fromNs' | 'toNs'>;

/** Phases in which nothing is the matter (plan/fault-phases.ts). */
const CALM = new Set(['baseline', 'between', 'recovery']);

/**
 * Circuit-breaker states over time, one lane a breaker, with the faults as spans. Undefined where no breaker
 * ever left its first state.
 * @param phases of the trial; of a control, one with a calm name
 */
export function breakersChart(title: string, hops: Seen, phases: readonly PhaseSpan[]): Chart | undefined {
  const [first, last] = [phases[0], phases.at(-1)];
  const series = statesOf(hops);
  if (!first || !last || series.length === 0) return undefined;
  return {
    id: 'breakers',
    title,
    x: { title: 'time', unit: 'ns', scale: 'linear', from: first.fromNs, to: last.toNs },
    y: null,
    series,
    spans: faultSpans(phases),
  };
}

/** Stretches in which a fault was on, by the names of their phases. */
export function faultSpans(phases: readonly PhaseSpan[]): ChartSpan[] {
  return phases.flatMap(({ name, fromNs, toNs }) => {
    const title = name.replace(/#\d+$/, '');
    return CALM.has(title) ? [] : [{ title, from: fromNs, to: toNs }];
  });
}

function statesOf({ transitions, admissions }: Seen): StateSeries[] {
  const byBreaker = Map.groupBy(transitions, ({ edge, policy }) => `${edge} ${policy}`);
  return [...byBreaker.values()].map((own) => {
    const { edge, policy } = own[0]!;
    const stays = staysOf(own);
    // The calls of an edge are known, not those of each of several breakers on it.
    const isAlone = transitions.every((one) => one.edge !== edge || one.policy === policy);
    if (isAlone) for (const cell of admissions) if (cell.edge === edge) assign(cell, stays);
    return { kind: 'states', title: isAlone ? edge : `${edge} ${policy}`, initial: 'closed', stays };
  });
}

interface Stay extends ChartStay {
  readonly counts: { probes: number; rejected: number };
}

function staysOf(transitions: readonly Transition[]): Stay[] {
  const sorted = transitions.toSorted((a, b) => a.atNs - b.atNs);
  return sorted.map(({ atNs, to, cause }, i) => {
    return {
      state: to,
      from: atNs,
      to: sorted[i + 1]?.atNs ?? Infinity,
      cause,
      counts: { probes: 0, rejected: 0 },
    };
  });
}

/**
 * An interval's calls go to the first stay in it that can have had them: where a breaker changed twice within
 * 100 ms, it isn't known which of its half-opens they were of, but none is counted twice.
 */
function assign(cell: Hops['admissions'][number], stays: readonly Stay[]): void {
  const here = stays.filter(({ from, to }) => from < cell.atNs + INTERVAL_NS && to >= cell.atNs);
  const first = (state: Transition['to']): Stay | undefined => here.find((stay) => stay.state === state);
  const trying = first('half-open');
  if (trying) trying.counts.probes += cell.probes;
  const rejecting = first('opened') ?? trying;
  if (rejecting) rejecting.counts.rejected += cell.rejected;
}
