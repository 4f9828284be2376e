import { readFileSync } from 'node:fs';

/** Whose packages these are, e.g. `debian-12`: what is unpacked from them uses that system's C library. */
export function systemRelease(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    const value = (key: string) => new RegExp(`^${key}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1] ?? 'unknown';
    return `${value('ID')}-${value('VERSION_ID')}`;
  } catch {
    return process.platform;
  }
}
