import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open as openFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getCACertificates } from 'node:tls';
import type { Dispatcher, EnvHttpProxyAgent } from 'undici';
import { nowNs, NS_PER_S } from '../../kernel/clock.ts';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';
import { redactPublicUrl } from '../../kernel/redact.ts';
import { makeFolder } from '../make-folder.ts';
import { diskError, megabytes } from './disk-errors.ts';

/** A file that must be just this one, wherever it comes from. */
export interface LockedFile {
  /** Below the address it is fetched from. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface Download {
  readonly title: string;
  /** `https://repo.maven.apache.org/maven2` */
  readonly baseUrl: string;
  /** The user's remedy after a failure. */
  readonly hint: string;
  readonly signal: AbortSignal;
  progress(line: string): void;
}

const AT_ONCE = 6;
const TRIES = 3;
const PROGRESS_EVERY_MS = 3000;
/** Silence after which a download fails. */
const SILENT_MS = 20_000;
const REDIRECTS = 3;

/**
 * Downloads files into `folder`, several at once, named by the last part of their paths. A file gets its name only
 * when it is complete and its SHA-256 matches. Files already there are not downloaded again, whatever interrupted the
 * last attempt.
 * @throws CommbenchError download-failed, disk-full
 */
export async function downloadFiles(
  files: readonly LockedFile[],
  folder: string,
  download: Download,
): Promise<void> {
  makeFolder(folder);
  const missing: LockedFile[] = [];
  for (const file of files) if (!(await isThere(file, folder))) missing.push(file);
  if (missing.length === 0) return;
  using telling = emitProgress(missing, download);
  await using agent = await openAgent();
  const { interceptors } = await import('undici');
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: REDIRECTS }));
  const rest = missing.values();
  const failed = new AbortController();
  const signal = AbortSignal.any([download.signal, failed.signal]);
  const work = async () => {
    for (const file of rest) {
      await fetchFile(file, folder, { ...download, signal }, dispatcher, telling.count);
    }
  };
  try {
    await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        work().catch((error: unknown) => {
          failed.abort(error);
          throw error;
        }),
      ),
    );
  } catch (error) {
    throw diskError(error, folder);
  }
}

/** A file of another size does not match; otherwise its hash is computed. */
async function isThere({ path: from, sha256, bytes }: LockedFile, folder: string): Promise<boolean> {
  const file = path.join(folder, path.basename(from));
  try {
    if ((await stat(file)).size !== bytes) return false;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    return hash.digest('hex') === sha256;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

type Counter = (bytes: number) => void;

async function fetchFile(
  file: LockedFile,
  folder: string,
  download: Download,
  dispatcher: Dispatcher,
  count: Counter,
): Promise<void> {
  const url = `${download.baseUrl}/${file.path}`;
  for (let tries = 1; ; tries++) {
    let received = 0;
    try {
      const body = await open(url, dispatcher, download.signal);
      return await save(body, file, folder, (bytes) => {
        received += bytes;
        count(bytes);
      });
    } catch (error) {
      download.signal.throwIfAborted();
      count(-received);
      const isOfDisk = diskError(error, folder) !== error;
      if (isOfDisk) throw error;
      if (tries < TRIES && !(error instanceof WrongAnswer)) continue;
      const message = `fetching ${download.title} failed: ${redactPublicUrl(url)}: ${(error as Error).message}`;
      throw new CommbenchError('download-failed', message, { hint: download.hint, cause: error });
    }
  }
}

/** A response that a repetition would not change. */
class WrongAnswer extends Error {}

async function open(url: string, dispatcher: Dispatcher, signal: AbortSignal): Promise<Readable> {
  const { request } = await import('undici');
  const { statusCode, body } = await request(url, { dispatcher, signal });
  if (statusCode === 200) return body;
  await body.dump();
  const message = `expected status 200, found ${statusCode}`;
  throw statusCode >= 500 ? new Error(message) : new WrongAnswer(message);
}

async function save(body: Readable, file: LockedFile, folder: string, count: Counter): Promise<void> {
  const target = path.join(folder, path.basename(file.path));
  const part = `${target}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  const watch = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > file.bytes) throw new WrongAnswer(`expected ${file.bytes} bytes, found more`);
      hash.update(chunk);
      count(chunk.length);
      yield chunk;
    }
  };
  // Open before anything can fail: a stream that opens it itself may do so after it was removed.
  const partFile = await openFile(part, 'w');
  try {
    await pipeline(body, watch, partFile.createWriteStream());
    const found = hash.digest('hex');
    if (found !== file.sha256) throw new WrongAnswer(`expected sha256 ${file.sha256}, found ${found}`);
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Uses the user's proxies (`https_proxy`, ...) and the system's certificates, which a company's mirror may need. */
async function openAgent(): Promise<EnvHttpProxyAgent & AsyncDisposable> {
  const { EnvHttpProxyAgent: Agent } = await import('undici');
  const ca = [...getCACertificates('default'), ...getCACertificates('system')];
  const agent = new Agent({
    connect: { ca },
    requestTls: { ca },
    proxyTls: { ca },
    connections: AT_ONCE,
    headersTimeout: SILENT_MS,
    bodyTimeout: SILENT_MS,
  });
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.destroy() });
}

function emitProgress(
  files: readonly LockedFile[],
  download: Download,
): Disposable & { readonly count: Counter } {
  const allBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const startNs = nowNs();
  let bytes = 0;
  const timer = setInterval(() => {
    const seconds = (nowNs() - startNs) / NS_PER_S;
    const left = bytes === 0 ? '' : `, about ${Math.ceil((seconds * (allBytes - bytes)) / bytes)} s to go`;
    download.progress(`${download.title}: ${megabytes(bytes)} of ${megabytes(allBytes)} fetched${left}`);
  }, PROGRESS_EVERY_MS);
  return {
    count: (more) => void (bytes += more),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
