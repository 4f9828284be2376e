import { Command } from 'commander';
import { cacheFolder } from '../platform/packages/cache-folder.ts';
import { describePersistent, stopPersistent } from '../components/broker/persistent.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { installSignals } from '../platform/process/signals.ts';
import { helpAfter } from './options/help.ts';
import type { Context } from './terminal/context.ts';
import { chosenBrokers } from '../components/broker/broker-definitions.ts';

const STOP_MS = 40_000;
const EXAMPLES = ['commbench down', 'commbench down rabbitmq'];

/** `commbench down [broker...]` */
export function downCommand(context: Context): Command {
  return new Command('down')
    .argument('[broker...]', 'names of brokers (default: all)')
    .addHelpText('after', helpAfter(EXAMPLES, ['done', 'defect', 'badInput', 'incomplete']))
    .action((names: string[]) => down(context, names));
}

async function down({ stdout }: Context, names: string[]): Promise<void> {
  using interruption = installSignals();
  const { signal } = interruption;
  for (const { name, title } of await chosenBrokers(names)) {
    const broker = await describePersistent(cacheFolder(), name, signal);
    const ended = await stopPersistent(
      cacheFolder(),
      name,
      AbortSignal.any([signal, AbortSignal.timeout(STOP_MS)]),
    );
    signal.throwIfAborted();
    if (!ended) {
      const pid = broker ? ` (pid ${broker.daemonPid})` : '';
      throw new CommbenchError(
        'child-failed',
        `The broker daemon of ${title}${pid} did not end within ${STOP_MS / 1000} s`,
        {
          hint: broker
            ? `End it with kill -9 ${broker.daemonPid}; its reaper then ends the broker.`
            : 'Run the command again.',
        },
      );
    }
    stdout.write(broker ? `${title} stopped\n` : `${title} was not running\n`);
  }
}
