import { Command } from 'commander';
import { cacheFolder } from '../platform/packages/cache-folder.ts';
import { describePersistent, type PersistentBroker } from '../components/broker/persistent.ts';
import { redactUrl } from '../kernel/redact.ts';
import { escapedJson, visible } from '../kernel/foreign/visible.ts';
import { installSignals } from '../platform/process/signals.ts';
import { helpAfter } from './options/help.ts';
import type { Context } from './terminal/context.ts';
import { brokerDefinitions } from '../components/broker/broker-definitions.ts';

/** `commbench status` */
export function statusCommand(context: Context): Command {
  return new Command('status')
    .option('--json', 'print JSON, for programs')
    .addHelpText('after', helpAfter(['commbench status', 'commbench status --json'], ['done', 'defect']))
    .action((options: { json?: true }) => status(context, options));
}

async function status({ stdout }: Context, options: { json?: true }): Promise<void> {
  using interruption = installSignals();
  const found = [];
  for (const { name, title } of await brokerDefinitions()) {
    found.push({ name, title, broker: await describePersistent(cacheFolder(), name, interruption.signal) });
  }
  if (options.json) {
    const persistent = found.flatMap(({ broker }) =>
      broker ? [{ ...broker, url: redactUrl(broker.url) }] : [],
    );
    stdout.write(`${escapedJson({ brokers: persistent })}\n`);
    return;
  }
  for (const { title, broker } of found) {
    const text = broker ? describeBroker(broker, Date.now()) : 'not running (start it with `commbench up`)';
    stdout.write(`${title}: ${visible(text)}\n`);
  }
}

/** One line about a persistent broker. */
export function describeBroker(broker: PersistentBroker, nowMs: number): string {
  if (broker.state !== 'up') return `${broker.state} (broker daemon ${broker.daemonPid})`;
  const parts = [
    `${broker.version} (${broker.source}) at ${redactUrl(broker.url)}`,
    `up for ${minutes(nowMs - broker.sinceMs)}`,
    broker.users === 0 ? 'used by no run' : `used by ${broker.users} ${broker.users === 1 ? 'run' : 'runs'}`,
    ...(broker.endsAtMs === null ? [] : [`ends in ${minutes(broker.endsAtMs - nowMs)} unless used`]),
    `broker daemon ${broker.daemonPid}, processes ${broker.pids.join(' ')}`,
  ];
  return parts.join('; ');
}

function minutes(ms: number): string {
  return ms < 90_000 ? `${Math.max(0, Math.round(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`;
}
