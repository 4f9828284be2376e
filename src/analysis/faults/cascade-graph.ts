import type { EndpointFigures } from '../../measure/hops/hop-figures.ts';
import type { Trial } from '../../record/record.ts';
import { amplification, edgeTotals, type EdgeTotals, wastedShare } from './edge-totals.ts';
import type { FaultComparison } from './fault-comparison.ts';
import { hopsOf } from './fault-trials.ts';
import { servicesSeen } from './services-seen.ts';
import { namesFrom } from './work-seen.ts';

/** A topology with what became of its calls, from the first fault on. */
export interface CascadeGraph {
  readonly services: readonly CascadeService[];
  /** The load on the first service comes first. */
  readonly hops: readonly CascadeHop[];
}

interface CascadeService {
  readonly id: string;
  readonly executions: number;
  /** Null where there were no executions. */
  readonly wastedShare: number | null;
  readonly state: 'plain' | 'faulted' | 'harmed';
}

interface CascadeHop {
  /** Null: the load generator. */
  readonly from: string | null;
  readonly to: string;
  readonly calls: number;
  readonly lost: number;
  /** Null where nothing was called. */
  readonly lostShare: number | null;
  /** Attempts over those due if nothing fails; null: unknown. */
  readonly amplification: number | null;
}

/** Undefined where the pattern has no topology. */
export function cascadeGraphOf(comparison: FaultComparison): CascadeGraph | undefined {
  const { trials } = comparison;
  const [first] = hopsOf(trials);
  if (!first || first.edges.length === 0) return undefined;
  const names = [...new Set(trials.flatMap(namesFrom))];
  return {
    services: servicesSeen(comparison).map(({ service, work, harmedAfter }) => ({
      id: service,
      executions: work.executions,
      wastedShare: wastedShare(work),
      state: isFaulted(trials, service) ? 'faulted' : harmedAfter === null ? 'plain' : 'harmed',
    })),
    hops: [
      loadOn(first.services[0]!.id, trials, names),
      ...first.edges.map(({ id, from, to }) => {
        const edges = hopsOf(trials).flatMap((hops) => hops.edges.filter((edge) => edge.id === id));
        return hopOf(from, to, edgeTotals(edges, names));
      }),
    ],
  };
}

function isFaulted(trials: readonly Trial[], service: string): boolean {
  return trials.some(({ faults }) => faults.some(({ on }) => on === service));
}

function hopOf(from: string, to: string, seen: EdgeTotals): CascadeHop {
  const lost = seen.calls - seen.ok;
  return { from, to, calls: seen.calls, ...lossOf(lost, seen.calls), amplification: amplification(seen) };
}

/** Calls of all endpoints: lost is what was not answered correctly. */
function loadOn(to: string, trials: readonly Trial[], names: readonly string[]): CascadeHop {
  const phases = hopsOf(trials).flatMap(({ endpoints }) =>
    endpoints.flatMap((endpoint) => endpoint.phases.filter(({ name }) => names.includes(name))),
  );
  const sum = (of: (phase: EndpointFigures['phases'][number]) => number) =>
    phases.reduce((n, phase) => n + of(phase), 0);
  const calls = sum(({ planned }) => planned);
  const lost = calls - sum(({ correct }) => correct);
  return { from: null, to, calls, ...lossOf(lost, calls), amplification: null };
}

function lossOf(lost: number, calls: number): Pick<CascadeHop, 'lost' | 'lostShare'> {
  return { lost, lostShare: calls === 0 ? null : lost / calls };
}
