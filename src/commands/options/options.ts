import { type Command, Option } from 'commander';
import { formatNames } from '../../report/reporters.ts';
import { redactUrl } from '../../kernel/redact.ts';
import { guess } from '../../scenario/load/guess.ts';
import { parseSetting, type Override } from '../../scenario/load/override.ts';
import { parseDurationMs, parseRatePerS } from '../../scenario/schema/units.ts';
import { durationMs, idsIn, refuse, whole } from './parsers.ts';

/** Options that several commands share; each refuses what it cannot read, saying what it expected. */

export const rateOption = () =>
  new Option('--rate <rate>', 'arrivals per second, e.g. 200, 200/s, 1k/s').argParser((text) => {
    return { text, value: parseRatePerS(text) ?? refuse('a rate such as 200, 200/s or 1k/s', text) };
  });

export const durationOption = () =>
  new Option('--duration <time>', 'measured time of each latency trial, e.g. 3s, 500ms, 2m').argParser(
    (text) => {
      return {
        text,
        value: parseDurationMs(text) ?? refuse('a time with its unit, such as 3s, 500ms or 2m', text),
      };
    },
  );

export const roundsOption = () =>
  new Option('--rounds <n>', 'number of rounds: every latency trial runs once per round').argParser(
    (text) => ({
      text,
      value: whole(text),
    }),
  );

export const seedOption = (usual = 'a new one, printed') =>
  new Option('--seed <n>', `seed of the trial order and every random choice (default: ${usual})`).argParser(
    whole,
  );

export const patternsOption = () =>
  new Option('--patterns <ids>', 'only these patterns, e.g. rest,queue').argParser(idsIn);

export const variantsOption = () =>
  new Option('--variants <ids>', 'only these variants of the scenario').argParser(idsIn);

export const allOption = () =>
  new Option('--all', 'all variants, including those excluded by default').conflicts('variants');

export const setOption = () =>
  new Option(
    '--set <path=value>',
    'replace one value of the scenario, e.g. service.processingMs=20ms (repeatable)',
  ).argParser((text, earlier: readonly Override[] | undefined) => [
    ...(earlier ?? []),
    parseSetting(text) ?? refuse('path=value, such as service.concurrency=20', text),
  ]);

/** Which formats there are is known by their listing; one of the user's own is loaded when it is needed. */
export const formatOption = () =>
  new Option('--format <format>', `${formatNames().join(' | ')} | ./mine.js`)
    .default('table')
    .argParser((text) => {
      const names = formatNames();
      const close = guess(text, names);
      return names.includes(text) || close === '' ? text : refuse(`one of ${names.join(', ')}`, text + close);
    });

export const fullOption = () => new Option('--full', 'print the whole report instead of one screen');

export const explainOption = () =>
  new Option(
    '--explain',
    'print the whole report, with the rule and figures behind each verdict and the longest tables',
  );

export function addReportOptions(command: Command): Command {
  return addOptions(command, 'format', 'full', 'explain');
}

/** More than cores would only be in each other's way; a bound all the same, as each is a process. */
const MOST_GENERATORS = 32;

export const generatorsOption = () =>
  new Option('--generators <n>', 'number of load-generator processes (default: 1)').argParser((text) => {
    const n = whole(text);
    return n >= 1 && n <= MOST_GENERATORS ? n : refuse(`1 to ${MOST_GENERATORS}`, text);
  });

/** @param name of the file, without its time */
export const outOption = (name = '<scenario>', what = 'the result file') =>
  new Option('--out <file>', `${what} (default: results/${name}-<time>.json)`);

export const budgetOption = (usual: string, what = 'pair') =>
  new Option('--budget <time>', `time limit for starting new ${what}s, after broker start-up`)
    .default(durationMs(usual), usual)
    .argParser(durationMs);

export const scenarioOption = () =>
  new Option('--scenario <scenario>', 'scenario of the patterns: a name or a file').default(
    'pattern-comparison',
  );

export const quietOption = () => new Option('--quiet', 'no progress, only the report and errors');

export const strictOption = () =>
  new Option('--strict', 'exit code 4 when a trial is not valid or a threshold is inconclusive');

/** Half the time, or half as long again, is no margin any more. */
const MAX_MARGIN = 0.5;

/** Its value is a share: 0.05 of `5%`. */
export const marginOption = () =>
  new Option('--margin <percent>', 'smallest change that counts')
    .default(0.05, '5%')
    .argParser((text): number => {
      const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
      const share = Number(percent) / 100;
      return share > 0 && share <= MAX_MARGIN ? share : refuse('a share such as 5%, 50% at most', text);
    });

export const declareOption = () =>
  new Option(
    '--declare <what>',
    'declare a difference as intended, by its name in the report, e.g. node (repeatable)',
  ).argParser((what, earlier: readonly string[] | undefined) => [...(earlier ?? []), what]);

export const skipBrokersOption = () =>
  new Option('--skip-brokers', 'neither start nor fetch brokers: patterns that need one are not run');

/** Raw: which names there are is known only where transports are (src/components/broker/given-urls.ts). */
export const brokerOption = () =>
  new Option(
    '--broker <name=URL>',
    'use this broker, e.g. rabbitmq=amqp://user:pass@127.0.0.1 (repeatable)',
  ).argParser((text, earlier: readonly string[] | undefined) => [...(earlier ?? []), text]);

export const targetOption = () =>
  new Option(
    '--target <row=URL>',
    'drive this URL instead of the built-in service, e.g. rest=http://127.0.0.1:8080/users (repeatable)',
  ).argParser((text, earlier: Readonly<Record<string, string>> | undefined) => {
    const [, name, url] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? [];
    if (!name || !url || !URL.canParse(url)) return refuse('row=URL', redactUrl(text));
    return { ...earlier, [name]: url };
  });

export const allowRemoteOption = () =>
  new Option('--allow-remote <host>', 'allow load on this remote host (repeatable)').argParser(
    (host, earlier: readonly string[] | undefined) => [...(earlier ?? []), host],
  );

/** Those that need nothing to be said about them, by name. */
const SHARED = {
  rate: rateOption,
  patterns: patternsOption,
  seed: seedOption,
  set: setOption,
  format: formatOption,
  full: fullOption,
  explain: explainOption,
  generators: generatorsOption,
  out: outOption,
  quiet: quietOption,
  strict: strictOption,
  margin: marginOption,
  scenario: scenarioOption,
  skipBrokers: skipBrokersOption,
  broker: brokerOption,
  target: targetOption,
  allowRemote: allowRemoteOption,
} as const;

/** Adds options in this order: shared ones by name, and the command's own. */
export function addOptions(command: Command, ...options: readonly (keyof typeof SHARED | Option)[]): Command {
  for (const option of options) command.addOption(option instanceof Option ? option : SHARED[option]());
  return command;
}
