import { CommbenchError } from '../kernel/errors.ts';
import { isRedacted, redactUrl } from '../kernel/redact.ts';
import type { Scenario } from '../scenario/schema.ts';
import { loadTransportDefinition } from '../transports/discover.ts';
import { checkRows } from './rows.ts';

/**
 * Every --target must belong to a row that is run, and be a URL that its transport can drive: found
 * out before anything is started.
 * @param patterns ids of the rows that are run; undefined: all
 * @throws CommbenchError bad-option
 */
export async function checkTargets(
  scenario: Scenario,
  patterns: readonly string[] | undefined,
  targets: Readonly<Record<string, string>>,
): Promise<void> {
  checkRows(scenario, { '--target': Object.keys(targets) });
  for (const [id, target] of Object.entries(targets)) {
    if (patterns && !patterns.includes(id)) {
      throw new CommbenchError(
        'bad-option',
        `--target: Expected one of the rows that are run (${patterns.join(', ')}), found ${id}`,
        { hint: `Add ${id} to --patterns, or leave its --target out.` },
      );
    }
    const { transport } = scenario.patterns.find((pattern) => pattern.id === id)!;
    await checkProtocol(id, transport, target);
    checkCredentials(id, target);
  }
}

async function checkProtocol(id: string, transport: string, target: string): Promise<void> {
  const { title, target: support } = await loadTransportDefinition(transport);
  if (!support) {
    throw new CommbenchError(
      'bad-option',
      `--target: Expected a row whose transport can drive a server of your own, found ${id} (${title})`,
      { hint: 'With a broker between, use a broker of your own instead: --broker NAME=URL.' },
    );
  }
  const { protocols } = support;
  if (protocols.includes(new URL(target).protocol)) return;
  const expected = protocols.map((protocol) => `${protocol}//`).join(' or ');
  throw new CommbenchError(
    'bad-option',
    `--target ${id}: Expected a URL that begins with ${expected}, found ${redactUrl(target)}`,
  );
}

function checkCredentials(id: string, target: string): void {
  const { username, password } = new URL(target);
  if (isRedacted(target)) {
    throw new CommbenchError(
      'bad-option',
      `--target ${id}: Expected a whole URL, found ${target}, from which the secrets were taken before it was stored`,
      { hint: `Give it again: --target ${id}=URL` },
    );
  }
  if (username !== '' || password !== '') {
    throw new CommbenchError(
      'bad-option',
      `--target ${id}: Expected a URL without user and password, found ${redactUrl(target)}`,
      { hint: 'They would not be sent. Drive an address that needs none.' },
    );
  }
}
