import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Harm } from '../../measure/hops/health.ts';
import type { Result } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { type FaultTrials, faultTrialsOf } from './fault-trials.ts';
import { blastOf, detectedNs, type Ending, endingOf, falseOpensOf } from './health-of.ts';
import { leafTotals, type LeafSeen } from './leaf-seen.ts';
import { type ServiceLedger, serviceLedgers } from './service-ledgers.ts';
import { type Compared, harmedRequests } from './requests.ts';
import { type WorkDone, workFromFault } from './work-seen.ts';

/** What one pattern under one variant did in one case of faults, against the control. */
export interface FaultComparison extends FaultTrials {
  /** While somebody was harmed: the requests that depend on what was. */
  readonly harm: Compared;
  readonly health: LineHealth;
  readonly work: LineWork;
}

/** How long it was ill, who noticed, and whom it struck besides. */
interface LineHealth {
  /** Of the round that ended worst; undefined where nothing is known of its health. */
  readonly ending: Ending | undefined;
  /** Of the slowest round; null: there was no protective act in one of them. */
  readonly detectedNs: Nanoseconds | null;
  /** Of breakers, while nothing was the matter; null: there is no breaker, or it never opened. */
  readonly falseOpens: number | null;
  /** Endpoints harmed, of the round in which they were most. */
  readonly blast: { readonly independent: Harm; readonly dependent: Harm } | undefined;
}

interface LineWork {
  readonly ledgers: readonly ServiceLedger[];
  /** At the last service that is waited for; undefined: nobody is waited for. */
  readonly leaf: LeafSeen | undefined;
  /** Executions of all services, from the first fault on. */
  readonly fromFault: WorkDone;
}

/** Case by case, so that what is to be compared stands together; empty where nothing of the kind was planned. */
export function faultComparisonsOf(result: Result): FaultComparison[] {
  return faultTrialsOf(result).map((line) => comparedLine(line, result.scenario));
}

function comparedLine(line: FaultTrials, scenario: Scenario): FaultComparison {
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
