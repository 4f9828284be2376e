import { Command } from 'commander';
import { z } from 'zod';
import { cacheFolder } from '../platform/packages/cache-folder.ts';
import { describePersistent, type PersistentBroker } from '../components/broker/persistent.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { redactUrl } from '../kernel/redact.ts';
import { cleanLeftovers } from '../platform/process/leftovers.ts';
import { installSignals } from '../platform/process/signals.ts';
import { startDaemon } from '../components/broker/start-daemon.ts';
import { helpAfter } from './options/help.ts';
import { chosenBrokers } from '../components/broker/broker-definitions.ts';

const DEFAULT_IDLE_MINUTES = 30;
const idleMinutes = z.coerce
  .number()
  .positive()
  .max(24 * 60);

const EXAMPLES = ['commbench up', 'commbench up rabbitmq --idle-minutes 120'];
const EXITS = ['done', 'defect', 'badInput', 'environment', 'interrupted', 'terminated'] as const;

/** `commbench up [broker...]` */
export function upCommand(): Command {
  return new Command('up')
    .argument('[broker...]', 'their names; all that transports need, where none is named')
    .option('--idle-minutes <n>', 'end a broker that no run used for so long', String(DEFAULT_IDLE_MINUTES))
    .addHelpText('after', helpAfter(EXAMPLES, EXITS))
    .action(up);
}

async function up(names: string[], options: { idleMinutes: string }): Promise<void> {
  const idleMs = parseMinutes(options.idleMinutes) * 60_000;
  const definitions = await chosenBrokers(names);
  using interruption = installSignals();
  await cleanLeftovers();
  for (const { name, title } of definitions) {
    const here = await describePersistent(cacheFolder(), name, interruption.signal);
    const broker =
      here?.state === 'up'
        ? here
        : await startDaemon(
            { broker: name, cacheFolder: cacheFolder(), idleMs },
            { signal: interruption.signal, progress: print },
          );
    print(describe(title, broker));
  }
}

function parseMinutes(text: string): number {
  const parsed = idleMinutes.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new CommbenchError('bad-option', `Expected --idle-minutes from above 0 to 1440, found ${text}`);
}

function describe(title: string, { version, url, endsAtMs }: PersistentBroker): string {
  const minutes = endsAtMs === null ? undefined : Math.max(1, Math.round((endsAtMs - Date.now()) / 60_000));
  const end = minutes === undefined ? 'is in use' : `ends after ${minutes} idle minutes`;
  return `${title} ${version} is up at ${redactUrl(url)}; it ${end}, or with \`commbench down\``;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
