import { CommbenchError } from '../../kernel/errors.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import { lengthText, shownName } from '../../kernel/redact.ts';
import { literalPasswordProblem } from '../../scenario/rules/security-rules.ts';

/**
 * The broker URLs that the user gave, by broker name. `--broker name=URL` precedes the variable `COMMBENCH_<NAME>_URL`,
 * which hides a password from the list of processes.
 * @param names of the known brokers
 */
export function givenUrls(
  options: readonly string[],
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  const fromEnv = names.flatMap((name) => {
    const url = env[`COMMBENCH_${name.toUpperCase().replaceAll('-', '_')}_URL`];
    return url ? [[name, url] as const] : [];
  });
  return Object.fromEntries([...fromEnv, ...options.map((option) => parseOption(option, names))]);
}

function parseOption(option: string, names: readonly string[]): readonly [string, string] {
  const at = option.indexOf('=');
  const name = option.slice(0, Math.max(at, 0));
  const url = option.slice(at + 1);
  if (at < 1 || !URL.canParse(url)) {
    // No part of a text that may hold credentials is shown.
    const shown = at < 1 ? lengthText(option) : `${shownName(name)}=${lengthText(url)}`;
    throw new CommbenchError('bad-option', `Expected --broker NAME=URL, found ${shown}`, {
      hint: 'For example --broker rabbitmq=amqp://guest:guest@127.0.0.1:5672',
    });
  }
  const literal = literalPasswordProblem(url);
  if (literal !== undefined) {
    throw new CommbenchError(
      'bad-option',
      `--broker ${name}: a password may not stand in an option, as lists of processes show it`,
      {
        hint: `Set the variable COMMBENCH_${name.toUpperCase().replaceAll('-', '_')}_URL to the whole URL in place of --broker.`,
      },
    );
  }
  if (names.includes(name)) return [name, url];
  throw new CommbenchError(
    'bad-option',
    `Expected the name of a broker in --broker, found ${shownName(name)}`,
    {
      hint: didYouMean(name, names),
    },
  );
}
