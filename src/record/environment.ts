import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import os from 'node:os';

export type Environment = Record<string, string | number | boolean | null>;

/** Machine and programs of a result, on which its comparability depends. No host name, no user, no path. */
export function describeEnvironment(): Environment {
  const cpus = os.cpus();
  return {
    commbench: ownVersion(),
    os: osName(),
    kernel: `${os.type()} ${os.release()}`,
    arch: os.arch(),
    cpu: cpus[0]?.model.trim() ?? null,
    cores: cpus.length,
    coresUsable: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    governor: fileText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    virtual: isVirtual(),
    container: isContainer(),
    loadAverageAtStart: Math.round((os.loadavg()[0] ?? 0) * 100) / 100,
    node: process.versions.node,
    v8: process.versions.v8,
    ...Object.fromEntries(
      Object.keys(ownPackage().dependencies).map((name) => [`library.${name}`, versionOf(name)]),
    ),
  };
}

export function ownVersion(): string {
  return ownPackage().version;
}

/** A client library as installed: `undici 8.12.4`. */
export function clientVersion(library: string): string {
  const version = versionOf(library);
  return version === null ? library : `${library} ${version}`;
}

interface PackageJson {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function ownPackage(): PackageJson {
  const file = findPackageJSON('..', import.meta.url)!;
  return JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
}

function versionOf(library: string): string | null {
  try {
    const file = findPackageJSON(library, import.meta.url);
    return file === undefined ? null : (JSON.parse(readFileSync(file, 'utf8')) as PackageJson).version;
  } catch {
    return null;
  }
}

function osName(): string {
  const release = fileText('/etc/os-release') ?? '';
  return /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(release)?.[1] ?? os.version();
}

/** From the CPU's own flag (x86); null where it has none. */
function isVirtual(): boolean | null {
  const cpuinfo = fileText('/proc/cpuinfo');
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo ?? '')?.[1];
  return flags === undefined ? null : / hypervisor( |$)/.test(flags);
}

function isContainer(): boolean {
  return (
    existsSync('/.dockerenv') ||
    existsSync('/run/.containerenv') ||
    /docker|kubepods|containerd|lxc/.test(fileText('/proc/1/cgroup') ?? '')
  );
}

function fileText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
