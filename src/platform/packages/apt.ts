import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../make-folder.ts';
import type { Spawner } from '../../kernel/program.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { measure } from './install.ts';
import { diskFull, freeBytes, megabytes } from './disk-errors.ts';
import { findProgram } from '../process/find-program.ts';
import { runProgram, type RunOptions } from '../process/run-program.ts';
import { debianMirrorIn, keyringOf, sourceLine, suiteSettings, TARGETS } from './debian-suite.ts';
import type { SuiteDebs, SystemDebs } from './recipe.ts';

/** Debian's programs that fetch and unpack packages, by their paths. */
export interface AptTools {
  readonly aptGet: string;
  readonly dpkgDeb: string;
}

type Described = 'name' | 'title' | 'wanted' | 'keep';

/** What apt must know of a recipe. */
export type AptRequest =
  | Pick<SystemDebs, Described | 'suite' | 'together' | 'base'>
  | Pick<SuiteDebs, Described | 'suite'>;

export interface AptFetch {
  readonly recipe: AptRequest;
  readonly spawner: Spawner;
  readonly signal: AbortSignal;
  /** Folder for the programs' output. */
  readonly logFolder: string;
  progress(line: string): void;
}

const POLL_EVERY_MS = 3000;
/** Longer than apt's own patience with a silent server, its second try included. */
const STALLED_MS = 90_000;
const LEAST_FREE_BYTES = 2_000_000;

/** Undefined where this is no system with apt. */
export function findAptTools(): AptTools | undefined {
  const aptGet = findProgram('apt-get');
  const dpkgDeb = findProgram('dpkg-deb');
  return aptGet && dpkgDeb ? { aptGet, dpkgDeb } : undefined;
}

/**
 * Fetches packages and what they need, and unpacks them into `folder`, without root and without touching
 * the system: apt with lists and caches of its own, then plain unpacking. apt checks signatures and hashes.
 */
export async function fetchPackages(tools: AptTools, folder: string, request: AptFetch): Promise<void> {
  const work = path.join(folder, '.apt');
  const debs = path.join(work, 'debs');
  for (const sub of ['lists/partial', 'cache/archives/partial', 'debs']) {
    makeFolder(path.join(work, sub));
  }
  using watch = watchFetch(folder, request);
  const fetch = { ...request, signal: AbortSignal.any([request.signal, watch.signal]) };
  const { title, suite } = fetch.recipe;
  const apt = await aptFor(tools, work, fetch);
  fetch.progress(
    `${title}: reading the package lists${suite === 'system' ? '' : ` of Debian ${suite.codename}`}`,
  );
  const trouble = await updateLists(apt);
  const names = await neededPackages(apt, fetch, trouble);
  fetch.progress(`${title}: fetching ${names.length} packages`);
  await apt('download', ['download', ...names], debs);
  fetch.progress(`${title}: unpacking`);
  await unpack(tools, debs, folder, fetch);
  rmSync(work, { recursive: true, force: true });
}

type Apt = (step: string, args: readonly string[], cwd?: string) => Promise<string>;

/** apt with the sources of the system, or with one newer suite alone. */
async function aptFor(tools: AptTools, work: string, fetch: AptFetch): Promise<Apt> {
  const { suite, title } = fetch.recipe;
  const system = aptRunner(tools, work, fetch, []);
  if (suite === 'system') return system;
  const targets = await system('sources', ['indextargets', ...TARGETS]);
  const mirror = debianMirrorIn(targets);
  const keyring = keyringOf(suite);
  if (!mirror || !keyring) {
    const lacks = mirror ? `none of ${suite.keyrings.join(', ')}` : "no mirror of Debian among apt's sources";
    const { errorCode, hint } = failureOf(fetch);
    throw new CommbenchError(errorCode, `fetching ${title} failed: found ${lacks}`, { hint });
  }
  const sources = path.join(work, 'sources.list');
  writeFileSync(sources, sourceLine(suite, mirror, keyring));
  return aptRunner(tools, work, fetch, suiteSettings(sources));
}

function aptRunner(tools: AptTools, work: string, fetch: AptFetch, more: readonly string[]): Apt {
  const settings = [
    `Dir::State=${work}`,
    `Dir::State::lists=${work}/lists`,
    `Dir::Cache=${work}/cache`,
    // Some images switch these caches off; without them each call reads all lists anew.
    'Dir::Cache::pkgcache=pkgcache.bin',
    'Dir::Cache::srcpkgcache=srcpkgcache.bin',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
    'Acquire::http::Timeout=20',
    'Acquire::https::Timeout=20',
    'APT::Update::Post-Invoke::=',
    'APT::Update::Post-Invoke-Success::=',
    // The folder is the user's own: apt's unprivileged user could not write there.
    'APT::Sandbox::User=root',
    'Debug::NoLocking=true',
    ...more,
  ];
  return (step, args, cwd) => {
    const name = `${nameOf(fetch)}-fetch-${step}`;
    const outputPath = path.join(fetch.logFolder, `${name}.log`);
    writeFileSync(outputPath, '');
    return runProgram(
      fetch.spawner,
      {
        name,
        file: tools.aptGet,
        args: [...settings.flatMap((setting) => ['-o', setting]), '-q', ...args],
        env: { ...systemEnvironment(), LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
        cwd: cwd ?? work,
        outputPath,
        graceMs: 2000,
      },
      failureOf(fetch),
    );
  };
}

/** Unique among the fetches of a run: one may follow another that failed. */
function nameOf({ recipe: { name, suite } }: AptFetch): string {
  return suite === 'system' ? name : `${name}-${suite.codename}`;
}

function failureOf({ recipe, signal }: AptFetch): RunOptions {
  const { title, wanted } = recipe;
  return {
    signal,
    what: `fetching ${title}`,
    errorCode: 'download-failed',
    hint: `Check that \`apt-get update\` works, or install it: sudo apt-get install ${wanted}`,
  };
}

/** Variables that apt needs from the user's environment to reach the network. */
function systemEnvironment(): Record<string, string> {
  const wanted = /^(https?_proxy|ftp_proxy|all_proxy|no_proxy|apt_config|home|path|tmpdir)$/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => wanted.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

/**
 * Updates the package lists. An unreadable source is no error, as the packages may come from another.
 * @returns apt's complaints, for the message if the packages are not found (apt ends with 0 even without any network)
 */
async function updateLists(apt: Apt): Promise<string> {
  try {
    const output = await apt('lists', ['update']);
    return [...output.matchAll(/^[EW]: .*$/gm)].slice(0, 2).join(' | ');
  } catch (error) {
    if (error instanceof CommbenchError && error.code === 'download-failed') return error.message;
    throw error;
  }
}

async function neededPackages(apt: Apt, fetch: AptFetch, trouble: string): Promise<string[]> {
  try {
    return await selectedPackages(apt, fetch.recipe);
  } catch (error) {
    fetch.signal.throwIfAborted();
    if (trouble === '' || !(error instanceof CommbenchError)) throw error;
    const { errorCode, hint } = failureOf(fetch);
    throw new CommbenchError(errorCode, `${error.message}; apt-get update reported: ${trouble}`, { hint });
  }
}

async function selectedPackages(apt: Apt, recipe: AptRequest): Promise<string[]> {
  const { keep, wanted } = recipe;
  // Nothing of the system's is used beside a newer suite.
  if (recipe.suite !== 'system') {
    return (await resolved(apt, wanted, 'resolve', '/dev/null')).filter((name) => keep.test(name));
  }
  const missing = await resolved(apt, wanted, 'resolve', '/var/lib/dpkg/status');
  const retained = missing.filter((name) => keep.test(name));
  if (retained.some((name) => recipe.base.test(name))) return retained;
  // Packages that must be together are resolved as if the system had none of them.
  const all = await resolved(apt, wanted, 'resolve-all', '/dev/null');
  return [...new Set([...all.filter((name) => recipe.together.test(name)), ...retained])];
}

/** The packages that apt would install for the wanted one on a system in this state. */
async function resolved(apt: Apt, wanted: string, step: string, status: string): Promise<string[]> {
  const args = ['-o', `Dir::State::status=${status}`, '-s', '--no-install-recommends', 'install', wanted];
  const output = await apt(step, args);
  return [...output.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
}

async function unpack(tools: AptTools, debs: string, folder: string, fetch: AptFetch): Promise<void> {
  for (const [index, deb] of readdirSync(debs).toSorted().entries()) {
    const name = `${nameOf(fetch)}-unpack-${index}`;
    const outputPath = path.join(fetch.logFolder, `${nameOf(fetch)}-unpack.log`);
    const args = ['--extract', path.join(debs, deb), path.join(folder, 'root')];
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
    const spec = { name, file: tools.dpkgDeb, args, env, cwd: folder, outputPath, graceMs: 2000 };
    await runProgram(fetch.spawner, spec, failureOf(fetch));
  }
}

/**
 * Watches a download: prints progress now and then (on a slow line ten seconds become minutes), and ends it on a full
 * disk or after silence. apt itself waits for ever on a full disk.
 */
function watchFetch(folder: string, fetch: AptFetch): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  let lastBytes = -1;
  let stillPolls = 0;
  const poll = async () => {
    if ((freeBytes(folder) ?? Infinity) < LEAST_FREE_BYTES) controller.abort(diskFull(folder));
    const { bytes } = await measure(folder);
    stillPolls = bytes === lastBytes ? stillPolls + 1 : 0;
    if (stillPolls === 0)
      fetch.progress(
        `${fetch.recipe.title}: fetching, ${megabytes(bytes)} on the disk so far (including package lists, removed afterwards)`,
      );
    if (stillPolls * POLL_EVERY_MS >= STALLED_MS) controller.abort(stalled(fetch));
    lastBytes = bytes;
  };
  // A file renamed during the poll is found by the next one.
  const timer = setInterval(() => void poll().catch(() => undefined), POLL_EVERY_MS);
  return { signal: controller.signal, [Symbol.dispose]: () => clearInterval(timer) };
}

function stalled(fetch: AptFetch): CommbenchError {
  const { errorCode, hint } = failureOf(fetch);
  return new CommbenchError(
    errorCode,
    `fetching ${fetch.recipe.title} failed: no data for ${STALLED_MS / 1000} s`,
    {
      hint,
    },
  );
}
