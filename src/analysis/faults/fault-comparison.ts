import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Harm } from '../../measure/hops/health.ts';
import type { Result } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { type FaultTrials, faultTrialsOf } from './fault-trials.ts';
import { blastOf, detectedNs, type Ending, endingOf, falseOpensOf } from './health-of.ts';
import { type ServiceLedger, serviceLedgers } from './service-ledgers.ts';
import { type Compared, harmedRequests } from './requests.ts';
import { type WorkDone, workFromFault } from './work-seen.ts';
import { addEdges, type EdgeTotals, leafOf, edgeTotalsInto } from './edge-totals.ts';
import { harmedPhases } from './stages.ts';

/** Effect of one case of faults on one pattern under one variant, against the control. */
export interface FaultComparison extends FaultTrials {
  /** Requests that depend on the faulted parts, while the faults lasted. */
  readonly harm: Compared;
  readonly health: LineHealth;
  readonly work: LineWork;
}

/** Duration of the harm, time to detect, and endpoints harmed besides. */
interface LineHealth {
  /** Ending of the round that ended worst; undefined where its health is unknown. */
  readonly ending: Ending | undefined;
  /** Slowest round; null: in one of them there was no protective act. */
  readonly detectedNs: Nanoseconds | null;
  /** Breakers opened without a fault; null: there is no breaker, or it never opened. */
  readonly falseOpens: number | null;
  /** Endpoints harmed, in the round with the most. */
  readonly blast: { readonly independent: Harm; readonly dependent: Harm } | undefined;
}

interface LineWork {
  readonly ledgers: readonly ServiceLedger[];
  /** The last service that is waited for; undefined where no reply is waited for. */
  readonly leaf: LeafSeen | undefined;
  /** Executions of all services, from the first fault on. */
  readonly fromFault: WorkDone;
}

/** Ordered by case, so that comparable entries are adjacent; empty where no faults were planned. */
export function faultComparisonsOf(result: Result): FaultComparison[] {
  return faultTrialsOf(result).map((line) => faultComparisonOf(line, result.scenario));
}

export function faultComparisonOf(line: FaultTrials, scenario: Scenario): FaultComparison {
  return {
    ...line,
    harm: harmedRequests(line, scenario),
    health: {
      ending: endingOf(line, scenario),
      detectedNs: detectedNs(line, scenario),
      falseOpens: falseOpensOf(line),
      blast: blastOf(line),
    },
    work: { ledgers: serviceLedgers(line), leaf: leafTotals(line, scenario), fromFault: workFromFault(line) },
  };
}

/** The last service that is waited for, and the edges into it. */
interface LeafSeen {
  readonly leaf: string;
  readonly seen: EdgeTotals;
}

/** Totals of the edges into the leaf, during the faults. */
function leafTotals(line: FaultTrials, scenario: Scenario): LeafSeen | undefined {
  const each = line.trials.flatMap((trial) => {
    const leaf = trial.hops ? leafOf(trial.hops) : undefined;
    const names = harmedPhases(trial, scenario).map(({ name }) => name);
    return leaf === undefined ? [] : [{ leaf, seen: edgeTotalsInto(trial, leaf, names) }];
  });
  const [first] = each;
  return first && { leaf: first.leaf, seen: addEdges(each.map(({ seen }) => seen)) };
}
