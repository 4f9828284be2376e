import { Command } from 'commander';
import { cacheFolder } from '../platform/packages/cache-folder.ts';
import { describePersistent, type PersistentBroker } from '../components/broker/persistent.ts';
import { redactUrl } from '../kernel/redact.ts';
import { visible } from '../kernel/foreign/visible.ts';
import { cleanLeftovers } from '../platform/process/leftovers.ts';
import { installSignals } from '../platform/process/signals.ts';
import { startDaemon } from '../components/broker/start-daemon.ts';
import { helpAfter } from './options/help.ts';
import type { Context } from './terminal/context.ts';
import { numberFrom } from './options/parsers.ts';
import { chosenBrokers } from '../components/broker/broker-definitions.ts';

const DEFAULT_IDLE_MINUTES = 30;
const [LEAST_MINUTES, MOST_MINUTES] = [0.001, 24 * 60];

const EXAMPLES = ['commbench up', 'commbench up rabbitmq --idle-minutes 120'];
const EXITS = ['done', 'defect', 'badInput', 'environment', 'interrupted', 'terminated'] as const;

/** `commbench up [broker...]` */
export function upCommand(context: Context): Command {
  return new Command('up')
    .argument('[broker...]', 'names of brokers (default: all)')
    .option(
      '--idle-minutes <n>',
      `minutes without use after which a broker is ended (at most ${MOST_MINUTES})`,
      numberFrom(LEAST_MINUTES, MOST_MINUTES),
      DEFAULT_IDLE_MINUTES,
    )
    .addHelpText('after', helpAfter(EXAMPLES, EXITS))
    .action((names: string[], options: UpOptions) => up(context, names, options));
}

interface UpOptions {
  readonly idleMinutes: number;
}

async function up({ stdout }: Context, names: string[], { idleMinutes }: UpOptions): Promise<void> {
  const print = (line: string) => void stdout.write(`${visible(line)}\n`);
  const idleMs = idleMinutes * 60_000;
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

function describe(title: string, { version, url, endsAtMs }: PersistentBroker): string {
  const minutes = endsAtMs === null ? undefined : Math.max(1, Math.round((endsAtMs - Date.now()) / 60_000));
  const end = minutes === undefined ? 'is in use; it ends' : `ends after ${minutes} idle minutes, or`;
  return `${title} ${version} is up at ${redactUrl(url)}; it ${end} with \`commbench down\``;
}
