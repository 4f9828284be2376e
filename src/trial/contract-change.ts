import { contractByName, contractVersionByName, operationByName } from '../contracts/contracts.ts';
import { contentDigest, NO_CONTENT_DIGEST } from '../measure/logs/content-digest.ts';
import { operationChooser } from '../kernel/operation-choice.ts';
import { type ContractChange, contractFiguresOf } from '../measure/figures/contract-change.ts';
import type { TrialSpec } from '../plan/spec.ts';
import type { RawTrial } from './raw-trial.ts';

/** Null where the service serves its callers' version and records nothing of what it stores. */
export function contractChangeOf(
  { id, seed, system, load: { mix } }: TrialSpec,
  { logs: { arrivals, effects }, deadLettered }: RawTrial,
): ContractChange | null {
  const { contractVersion: version, pattern } = system;
  if (version === undefined) return null;
  const contract = contractByName(system.contract);
  const operationAt = operationChooser({ seed, mix });
  const digestAt = (index: number): number => {
    const operation = operationByName(contract, operationAt(index));
    const content = operation.content?.(operation.request(seed, index));
    return content ? contentDigest(content) : NO_CONTENT_DIGEST;
  };
  const { change } = contractVersionByName(contract, version);
  const { subscribers } = pattern;
  return {
    version,
    change,
    ...contractFiguresOf({ trial: id, arrivals, effects, subscribers, deadLettered, digestAt }),
  };
}
