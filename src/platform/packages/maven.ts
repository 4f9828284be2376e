import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';

const CENTRAL = 'https://repo.maven.apache.org/maven2';
const VARIABLE = 'COMMBENCH_MAVEN_URL';
/** Values of `mirrorOf` that take Maven's central repository in. */
const OF_CENTRAL = /^(\*|external:\*|central)$/;

/**
 * URL of Maven's central repository: `COMMBENCH_MAVEN_URL`, else the mirror in the user's Maven settings, else the
 * repository itself. Without a slash at its end.
 * @throws CommbenchError bad-option for a variable that is not a URL
 */
export function mavenUrl(
  env: Readonly<Record<string, string | undefined>> = process.env,
  settingsPath = path.join(homedir(), '.m2/settings.xml'),
): string {
  const given = env[VARIABLE];
  if (given && !/^https?:$/.test(URL.parse(given)?.protocol ?? '')) {
    throw new CommbenchError('bad-option', `Expected a URL https://... in ${VARIABLE}, found ${given}`);
  }
  return (given || mirrorOfCentral(settingsPath) || CENTRAL).replace(/\/+$/, '');
}

function mirrorOfCentral(settingsPath: string): string | undefined {
  const text = readIfThere(settingsPath).replaceAll(/<!--.*?-->/gs, '');
  const mirrors = [...text.matchAll(/<mirror>(.*?)<\/mirror>/gs)].map((match) => match[1]!);
  const mirror = mirrors.find((it) => {
    const names = (element(it, 'mirrorOf') ?? '').split(',').map((name) => name.trim());
    return names.some((name) => OF_CENTRAL.test(name)) && !names.includes('!central');
  });
  const url = mirror === undefined ? undefined : element(mirror, 'url');
  return url !== undefined && URL.canParse(url) ? url : undefined;
}

function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*(.*?)\\s*</${name}>`, 's').exec(xml)?.[1];
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
