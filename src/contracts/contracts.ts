import type { Contract, ContractVersion, Operation } from '../kernel/contract.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { didYouMean } from '../kernel/nearest.ts';
import { DEFAULT_ECHO_BYTES, echoOf, MAX_ECHO_BYTES, MIN_ECHO_BYTES } from './echo.ts';
import { nothing } from './null.ts';
import { targetContract } from './target.ts';
import { users } from './users.ts';

const CONTRACTS: readonly Contract[] = [users, nothing, targetContract()];

/** The names of contracts; `echo-BYTES` sets the payload's size, plain `echo` takes the default. */
export const CONTRACT_NAMES: readonly string[] = ['users', 'echo', 'null'];

/** @throws CommbenchError with the nearest match for an unknown contract */
export function contractByName(name: string): Contract {
  const found = CONTRACTS.find((contract) => contract.name === name);
  if (found) return found;
  const echo = /^echo(?:-(\d+))?$/.exec(name);
  if (echo) return echoOfText(echo[1]);
  throw new CommbenchError('bad-scenario', `Expected a contract, found ${name}`, {
    hint: didYouMean(name, CONTRACT_NAMES),
  });
}

function echoOfText(text: string | undefined): Contract {
  const bytes = text === undefined ? DEFAULT_ECHO_BYTES : Number(text);
  if (bytes >= MIN_ECHO_BYTES && bytes <= MAX_ECHO_BYTES) return echoOf(bytes);
  throw new CommbenchError(
    'bad-scenario',
    `Expected an echo of ${MIN_ECHO_BYTES} to ${MAX_ECHO_BYTES} bytes, found ${text}`,
    { hint: `For example: echo-${DEFAULT_ECHO_BYTES}` },
  );
}

/** @throws CommbenchError with the nearest match for an unknown operation */
export function operationByName(contract: Contract, name: string): Operation {
  const found = Object.hasOwn(contract.operations, name) ? contract.operations[name] : contract.any;
  if (found) return found;
  throw new CommbenchError('bad-scenario', `Expected an operation of ${contract.name}, found ${name}`, {
    hint: didYouMean(name, Object.keys(contract.operations)),
  });
}

/** @throws CommbenchError with the nearest match for an unknown version */
export function contractVersionByName({ name, versions = [] }: Contract, version: string): ContractVersion {
  const found = versions.find((one) => one.name === version);
  if (found) return found;
  const names = versions.map((one) => one.name);
  throw new CommbenchError('bad-scenario', `Expected a version of the contract ${name}, found ${version}`, {
    hint: names.length === 0 ? `The contract ${name} has no other version.` : didYouMean(version, names),
  });
}
