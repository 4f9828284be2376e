import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { stringify } from 'yaml';
import { CommbenchError, systemCode, unwritableText } from '../kernel/errors.ts';
import { visible } from '../kernel/foreign/visible.ts';
import { lengthText } from '../kernel/redact.ts';
import { TEMPLATES } from '../scenario/load/catalogue.ts';
import { SCHEMA_LINES } from '../scenario/schema/schema-lines.ts';
import type { Context } from './terminal/context.ts';
import { helpAfter } from './options/help.ts';
import { asGiven, repeated } from './options/parsers.ts';

const EXAMPLES = [
  'commbench init',
  'commbench init checkout.yaml --template breaker',
  'commbench init orders.yaml --from openapi.yaml --operation "POST /orders"',
  'commbench init orders.yaml --from openapi.json --url https://localhost:8443 --ca ca.pem',
  'commbench init rpc.yaml --from orders.proto --include third_party',
  'commbench schema > scenario.schema.json   # completion in editors',
];

export function initCommand(context: Context): Command {
  return new Command('init')
    .argument('[file]', 'the file to write', 'scenario.yaml')
    .addOption(
      new Option('--template <name>', 'a complete scenario that answers one question').choices(templates()),
    )
    .addOption(
      new Option(
        '--from <file>',
        'drive a service of your own, as this OpenAPI document (2.0 to 3.2) or .proto file describes it',
      ).conflicts('template'),
    )
    .option(
      '--operation <name>',
      'with --from: the operation to drive, e.g. "POST /orders", its operationId, or Place (repeatable; default: the first)',
      repeated(asGiven),
    )
    .option(
      '--include <folder>',
      'with --from: a folder in which imports of the .proto are searched (repeatable)',
      repeated(asGiven),
    )
    .option(
      '--url <url>',
      "with --from: the service's address, e.g. https://localhost:8443 or grpcs://localhost:9443",
      asUrl,
    )
    .option(
      '--ca <file>',
      "with --from: the certificate authority (PEM) that has signed the service's certificate",
    )
    .option(
      '--mix',
      'with --from: one pattern that shares its arrivals out to the operations, not a pattern each',
    )
    .option('--force', 'replace an existing file')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'environment']))
    .action((file: string, options: InitOptions) => init(context, file, options));
}

interface InitOptions {
  readonly force?: true;
  readonly template?: string;
  readonly from?: string;
  readonly operation?: readonly string[];
  readonly include?: readonly string[];
  readonly url?: string;
  readonly ca?: string;
  readonly mix?: true;
}

/** Options that say nothing without `--from`. */
const OF_FROM = ['operation', 'include', 'url', 'ca', 'mix'] as const;

async function init({ stderr }: Context, file: string, options: InitOptions) {
  const { force, template, from, operation = [], include = [], url, ca, mix } = options;
  if (from === undefined) {
    const given = OF_FROM.find((name) => options[name] !== undefined);
    if (given !== undefined) throw new CommbenchError('bad-option', `--${given} is only valid with --from`);
    const name = nameOf(file);
    const text = template === undefined ? await everyField(name) : templateText(template, name);
    write(file, text, force ?? false);
    stderr.write(visible(`Wrote ${file}. Next: commbench run ${file}\n`));
    return;
  }
  const { scenarioFrom } = await import('./init-from/scenario-from.ts');
  const choice = { from, operations: operation, include, url, ca, mix, file, name: nameOf(file) };
  const { text, calls, warnings } = await scenarioFrom(choice).catch((error: unknown) => {
    throw badFile(from, error);
  });
  write(file, text, force ?? false);
  for (const warning of warnings) stderr.write(visible(`Warning: ${warning}\n`));
  stderr.write(
    visible(
      `Wrote ${file}, which drives ${calls.join(', ')}. Its comments say what to fill in. Next: commbench run ${file}\n`,
    ),
  );
}

/** Loaded here: the whole schema of a scenario, which nobody else of this command needs. */
async function everyField(name: string): Promise<string> {
  const { scenarioTemplate } = await import('../scenario/schema/template.ts');
  return scenarioTemplate(name);
}

/** Its words are not repeated: it may hold credentials. */
function asUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && url.username + url.password === '') return text;
  const found = url ? 'one with a login' : lengthText(text);
  throw new CommbenchError(
    'bad-option',
    `--url: Expected a URL such as https://localhost:8443, found ${found}`,
    {
      hint: "Credentials come from the environment: headers: { authorization: 'Bearer {{env TOKEN}}' }",
    },
  );
}

/** Names of the templates: one file each. */
function templates(): string[] {
  const files = readdirSync(TEMPLATES).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => path.basename(file, '.yaml')).toSorted();
}

function templateText(template: string, name: string): string {
  const text = readFileSync(path.join(TEMPLATES, `${template}.yaml`), 'utf8');
  return [...SCHEMA_LINES, text.replace(/^name: .*$/m, stringify({ name }).trimEnd())].join('\n');
}

/** Whatever a reader of a foreign file throws, the file is at fault: it is best checked by its own tools. */
function badFile(from: string, cause: unknown): CommbenchError {
  const hint = 'Check that file with its own tools; without --from, `commbench init` writes a template.';
  if (cause instanceof CommbenchError) {
    // Others are about the options.
    const isOfFile = cause.message.startsWith('--from:') || cause.message.startsWith('No operation of');
    const best = cause.hint ?? (isOfFile ? hint : undefined);
    return new CommbenchError(cause.code, cause.message, { ...(best ? { hint: best } : {}), cause });
  }
  return new CommbenchError('bad-option', `--from: ${from} cannot be read: ${String(cause)}`, {
    hint,
    cause,
  });
}

function write(file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      throw new CommbenchError('bad-option', `${file} already exists`, {
        hint: 'Name another file, or replace it with --force.',
      });
    }
    throw new CommbenchError('cannot-write', unwritableText(file, error));
  }
}

/** A scenario's name is a-z, 0-9 and -: what the file is called, as far as that goes. */
function nameOf(file: string): string {
  const name = path
    .parse(file)
    .name.toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  return name === '' ? 'scenario' : name;
}
