import { existsSync, readFileSync } from 'node:fs';
import type { DebianSuite } from './recipe.ts';

/** The system's release, by its own description. */
export interface SystemRelease {
  /** `debian` */
  readonly id: string;
  /** `12`; a testing release has none. */
  readonly version: string | undefined;
  /** `bookworm` */
  readonly codename: string | undefined;
}

export function systemRelease(file = '/etc/os-release'): SystemRelease {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Not a Linux of our time: its platform is all that is known.
  }
  const value = (key: string) => new RegExp(`^${key}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1];
  return {
    id: value('ID') ?? process.platform,
    version: value('VERSION_ID'),
    codename: value('VERSION_CODENAME'),
  };
}

/**
 * Arguments of `apt-get indextargets` for the sources of the system, a line for each list of packages. Without the
 * information of releases apt names sources whose lists were never read, too.
 */
export const TARGETS: readonly string[] = [
  '--no-release-info',
  '--format',
  '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ARCHITECTURE)',
  'Created-By: Packages',
];

/** A mirror of Debian's archive, for one architecture. */
export interface DebianMirror {
  readonly uri: string;
  readonly arch: string;
}

/**
 * The mirror that the system's apt uses: the first archive named `debian` with a part `main`. Other makers' archives
 * end in that name too, but call their parts otherwise; apt rejects one without Debian's signature in any case.
 * @param targets lines of `TARGETS`
 */
export function debianMirrorIn(targets: string): DebianMirror | undefined {
  for (const line of targets.split('\n')) {
    const [uri = '', release = '', component = '', arch = ''] = line.trim().split('|');
    const isMain = component === 'main' && !release.includes('-') && !['', 'all'].includes(arch);
    if (isMain && /^https?:\/\/\S+\/debian\/?$/.test(uri)) return { uri, arch };
  }
  return undefined;
}

export function keyringOf({ keyrings }: DebianSuite): string | undefined {
  return keyrings.find((file) => existsSync(file));
}

/** The one line of a sources file. */
export function sourceLine({ codename }: DebianSuite, { uri, arch }: DebianMirror, keyring: string): string {
  return `deb [arch=${arch} signed-by=${keyring}] ${uri} ${codename} main\n`;
}

/**
 * Settings with which apt sees one suite alone, on an empty system: nothing that is installed, no other source, no
 * pin and no default release of the user's counts.
 */
export function suiteSettings(sourcesFile: string): string[] {
  return [
    `Dir::Etc::sourcelist=${sourcesFile}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    'Dir::State::status=/dev/null',
    'APT::Default-Release=',
    // Descriptions of applications: a third of the lists.
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
  ];
}
