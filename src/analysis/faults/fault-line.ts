import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Harm } from '../../measure/hops/health.ts';
import type { Result } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { type FaultTrials, faultTrialsOf } from './fault-trials.ts';
import { blastOf, detectedNs, type Ending, endingOfLine, falseOpensOf } from './health-seen.ts';
import { leafSeen, type LeafSeen } from './leaf-seen.ts';
import { type LedgerSeen, ledgersSeen } from './ledgers-seen.ts';
import { type Compared, harmSeen } from './seen.ts';
import { type Work, workFromFault } from './work-seen.ts';

/** What one pattern under one variant did in one case of faults, against the control. */
export interface FaultLine extends FaultTrials {
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
  readonly ledgers: readonly LedgerSeen[];
  /** At the last service that is waited for; undefined: nobody is waited for. */
  readonly leaf: LeafSeen | undefined;
  /** Executions of all services, from the first fault on. */
  readonly fromFault: Work;
}

/** Case by case, so that what is to be compared stands together; empty where nothing of the kind was planned. */
export function faultLinesOf(result: Result): FaultLine[] {
  return faultTrialsOf(result).map((line) => comparedLine(line, result.scenario));
}

function comparedLine(line: FaultTrials, scenario: Scenario): FaultLine {
  return {
    ...line,
    harm: harmSeen(line, scenario),
    health: {
      ending: endingOfLine(line, scenario),
      detectedNs: detectedNs(line, scenario),
      falseOpens: falseOpensOf(line),
      blast: blastOf(line),
    },
    work: { ledgers: ledgersSeen(line), leaf: leafSeen(line, scenario), fromFault: workFromFault(line) },
  };
}
