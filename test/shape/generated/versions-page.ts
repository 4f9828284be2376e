import type { ContractVersion } from '../../../src/kernel/contract.ts';
import { betweenMarks } from './between-marks.ts';

const HEAD = ['| version | what it changes |', '|---|---|'];

/** docs/scenarios.md with its table of the versions of a contract. */
export function withVersions(page: string, versions: readonly ContractVersion[]): string {
  const rows = versions.map(({ name, change }) => `| \`${name}\` | ${change ?? 'nothing: the control'} |`);
  return betweenMarks(page, 'src/contracts/users/versions', [...HEAD, ...rows].join('\n'));
}
