import { type Command, Option } from 'commander';
import { formatNames } from '../../report/reporters.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { lengthText, shownName } from '../../kernel/redact.ts';
import { guess } from '../../scenario/load/guess.ts';
import { parseSetting } from '../../scenario/load/override.ts';
import { parseRatePerS } from '../../scenario/schema/units.ts';
import { asGiven, durationMs, idsIn, refuse, repeated, whole, wholeFrom } from './parsers.ts';

/** A bound, as each generator is a process; more than there are cores would only disturb each other. */
const MOST_GENERATORS = 32;
/** A change by half is too large for a margin. */
export const MAX_MARGIN = 0.5;

const USUAL_MAX_TIME = '4h';
const USUAL_TRACED = 0.01;

/** Options that several commands share, by name. Each refuses what it cannot read, saying what it expected. */
const SHARED = {
  /** Replaces the scenario's. */
  rate: () =>
    new Option('--rate <rate>', 'arrivals per second, e.g. 200, 200/s, 1k/s').argParser((text) => {
      const value = parseRatePerS(text) ?? refuse('a rate such as 200, 200/s or 1k/s', text);
      return { origin: `--rate ${text}`, path: 'load.ratePerS', value };
    }),
  patterns: () => new Option('--patterns <ids>', 'only these patterns, e.g. rest,queue').argParser(idsIn),
  seed: () => seedOption(),
  set: () =>
    new Option(
      '--set <path=value>',
      'replace one value of the scenario, e.g. service.processingMs=20ms (repeatable)',
    ).argParser(repeated((text) => parseSetting(text) ?? refuseSetting(text))),
  /** Built-in formats are found by listing; a format of the user's own is loaded when it is needed. */
  format: () =>
    new Option('--format <format>', `${formatNames().join(' | ')} | ./mine.js`)
      .default('table')
      .argParser(formatName),
  /** Beside what is printed: one run, and a report for each reader. */
  report: () =>
    new Option(
      '--report <format=file>',
      'write the report to a file as well, e.g. junit=commbench.xml; to a folder, hgrm=FOLDER/; or to a server, otlp=URL (repeatable)',
    ).argParser(
      repeated((text) => {
        const [, format, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
        return format && file ? { format: formatName(format), file } : refuse('format=file', text);
      }),
    ),
  full: () => new Option('--full', 'print the whole report instead of one screen'),
  explain: () =>
    new Option(
      '--explain',
      'print the whole report, with the rule and figures behind each verdict and the longest tables',
    ),
  generators: () =>
    new Option(
      '--generators <n>',
      `number of load-generator processes (1–${MOST_GENERATORS}; default: 1)`,
    ).argParser(wholeFrom(1, MOST_GENERATORS)),
  out: () => outOption(),
  quiet: () => new Option('--quiet', 'no progress, only the report and errors'),
  strict: () => new Option('--strict', 'exit code 4 when a trial is not valid'),
  allowUnjudged: () =>
    new Option('--allow-unjudged', 'no exit code 4 for a threshold that could not be evaluated'),
  /** Its value is a share: 0.05 of `5%`. */
  margin: () =>
    new Option('--margin <percent>', `smallest change that counts, at most ${100 * MAX_MARGIN}%`)
      .default(0.05, '5%')
      .argParser((text): number => {
        const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
        const share = Number(percent) / 100;
        return share > 0 && share <= MAX_MARGIN ? share : refuse('a share such as 5%, 50% at most', text);
      }),
  scenario: () =>
    new Option('--scenario <scenario>', 'scenario of the patterns: a name or a file').default(
      'pattern-comparison',
    ),
  waitQuiet: () =>
    new Option('--wait-quiet [time]', 'on a noisy machine wait before the first trial, at most so long')
      .preset('10m')
      .argParser(durationMs),
  maxTime: () =>
    new Option('--max-time <time>', 'refuse a plan that takes longer, and begin no trial later')
      .default(durationMs(USUAL_MAX_TIME), USUAL_MAX_TIME)
      .argParser(durationMs),
  skipBrokers: () =>
    new Option('--skip-brokers', 'neither start nor fetch brokers: patterns that need one are not run'),
  /** Unparsed: names of brokers are checked later (src/components/broker/given-urls.ts). */
  broker: () =>
    new Option(
      '--broker <name=URL>',
      'use this broker, e.g. rabbitmq=amqp://127.0.0.1:5672; with a password: COMMBENCH_RABBITMQ_URL (repeatable)',
    ).argParser(repeated(asGiven)),
  traceOut: () =>
    new Option(
      '--trace-out <file>',
      'write OpenTelemetry spans of some requests across their hops (OTLP/JSON), or send them to an endpoint: http://…/v1/traces',
    ),
  /** Its value is a share. */
  traceSample: () =>
    new Option('--trace-sample <share>', 'share of the requests that are traced, with --trace-out')
      .default(USUAL_TRACED, String(USUAL_TRACED))
      .argParser((text): number => {
        const share = Number(text);
        return text.trim() !== '' && share > 0 && share <= 1
          ? share
          : refuse('a share above 0, at most 1', text);
      }),
  storeValues: () =>
    new Option(
      '--store-values',
      'store the values of targets in the result: headers, queries, bodies, variables, words of commands',
    ),
  target: () =>
    new Option(
      '--target <pattern=URL>',
      'drive this URL instead of the built-in service, e.g. rest=http://127.0.0.1:8080/users (repeatable)',
    ).argParser((text, earlier: Readonly<Record<string, string>> | undefined) => {
      const [, name, url] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? [];
      if (!name || !url || !URL.canParse(url)) throw wrongTarget(text);
      return { ...earlier, [name]: url };
    }),
  allowRemote: () =>
    new Option('--allow-remote <host>', 'allow load on this remote host (repeatable)').argParser(
      repeated(asGiven),
    ),
} as const;

function formatName(text: string): string {
  const names = formatNames();
  const close = guess(text, names);
  return names.includes(text) || close === '' ? text : refuse(`one of ${names.join(', ')}`, text + close);
}

/** Whether a destination is a server, not a file. */
export function isHttp(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function refuseSetting(text: string): never {
  throw new CommbenchError('bad-option', `Expected --set path=value, found ${shownName(text)}`, {
    hint: 'For example --set service.concurrency=20',
  });
}

/** No part of a text that may hold credentials is shown; the option's own error would repeat it. */
function wrongTarget(text: string): CommbenchError {
  const at = text.indexOf('=');
  const found =
    at < 1 ? lengthText(text) : `${shownName(text.slice(0, at))}=${lengthText(text.slice(at + 1))}`;
  return new CommbenchError('bad-option', `Expected --target pattern=URL, found ${found}`, {
    hint: 'For example --target rest=http://127.0.0.1:8080/users',
  });
}

/** Adds options in this order: shared ones by name, and the command's own. */
export function addOptions(command: Command, ...options: readonly (keyof typeof SHARED | Option)[]): Command {
  for (const option of options) command.addOption(option instanceof Option ? option : SHARED[option]());
  return command;
}

export const seedOption = (usual = 'a new one, printed') =>
  new Option('--seed <n>', `seed of the trial order and every random choice (default: ${usual})`).argParser(
    whole,
  );

/** @param name of the file, without its time */
export const outOption = (name = '<scenario>', what = 'the result file') =>
  new Option('--out <file>', `${what} (default: results/${name}-<time>.json)`);

export const budgetOption = (usual: string, what = 'pair') =>
  new Option('--budget <time>', `time limit for starting new ${what}s, after broker start-up`)
    .default(durationMs(usual), usual)
    .argParser(durationMs);
