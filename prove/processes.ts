import { readdirSync, readFileSync } from 'node:fs';

export interface Found {
  readonly pid: number;
  readonly command: string;
  readonly stopped: boolean;
}

/** Living processes whose environment or command line holds the marker; a zombie counts as dead. */
export function findProcesses(marker: string): Found[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      const environ = readFileSync(`/proc/${pid}/environ`, 'utf8');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()![0]!;
      if (state === 'Z' || state === 'X') return [];
      if (!environ.includes(marker) && !command.includes(marker)) return [];
      return [{ pid, command, stopped: state === 'T' }];
    } catch {
      return [];
    }
  });
}
