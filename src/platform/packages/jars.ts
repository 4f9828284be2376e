import { mkdirSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { StartContext } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { findProgram } from '../process/find-program.ts';
import { runProgram } from '../process/run-program.ts';
import { downloadFiles } from './download.ts';
import { mavenUrl } from './maven.ts';
import type { JarRecipe } from './recipe.ts';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const LONGEST_MS = 10 * 60_000;

interface Places {
  readonly part: string;
  /** Folder for the partial result of an interrupted fetch, used by the next one. */
  readonly incoming: string;
}

/** Fetches from a Maven repository, or on failure by the user's Maven, checked against the same list. */
export async function fetchJars(
  recipe: JarRecipe,
  { part, incoming }: Places,
  context: StartContext,
): Promise<void> {
  const { title, files } = recipe;
  const download = {
    title,
    baseUrl: mavenUrl(),
    hint: 'Check that this address can be reached, or set COMMBENCH_MAVEN_URL to a mirror of Maven Central.',
    signal: context.signal,
    progress: (line: string) => context.progress(line),
  };
  try {
    await downloadFiles(files, incoming, download);
  } catch (error) {
    const mvn = findProgram('mvn');
    if (mvn === undefined || !(error instanceof CommbenchError) || error.code !== 'download-failed')
      throw error;
    context.progress(error.message);
    await copyByMaven(mvn, recipe, incoming, context);
    await downloadFiles(files, incoming, download);
  }
  for (const name of files.map((file) => path.basename(file.path))) {
    await rename(path.join(incoming, name), path.join(part, name));
  }
  await rm(incoming, { recursive: true, force: true });
}

/**
 * Has the user's own Maven copy the jars into a folder: it may know other repositories, and has its own error messages.
 */
async function copyByMaven(
  mvn: string,
  recipe: JarRecipe,
  folder: string,
  context: StartContext,
): Promise<void> {
  const { name, title } = recipe;
  context.progress(`${title}: fetching it by Maven instead`);
  const cwd = path.join(context.folder, `${name}-maven`);
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, 'pom.xml'), pomOf(recipe));
  const home = process.env['JAVA_HOME'];
  const spec = {
    name: `${name}-maven`,
    file: mvn,
    args: ['-B', '-q', '-ntp', COPY, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`],
    ...(home === undefined ? {} : { env: { JAVA_HOME: home } }),
    cwd,
    outputPath: path.join(cwd, 'output.log'),
  };
  await runProgram(context.spawner, spec, {
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(LONGEST_MS)]),
    what: `fetching ${title} by Maven`,
    errorCode: 'download-failed',
    hint: 'Check that Maven works, or set COMMBENCH_MAVEN_URL to a mirror of Maven Central.',
  });
}

function pomOf({ name, pom }: JarRecipe): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>commbench</groupId><artifactId>${name}</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${pom}
  </dependencies>
</project>
`;
}
