import { readFileSync } from 'node:fs';

/** Release of the packages, e.g. `debian-12`: unpacked programs use that system's C library. */
export function systemRelease(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    const value = (key: string) => new RegExp(`^${key}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1] ?? 'unknown';
    return `${value('ID')}-${value('VERSION_ID')}`;
  } catch {
    return process.platform;
  }
}
