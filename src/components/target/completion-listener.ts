import { inspect } from 'node:util';
import { nowNs } from '../../kernel/clock.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { connectHub } from '../../platform/ipc/hub-client.ts';
import type { OutletListener, OutMessage } from '../../kernel/target-outlet.ts';
import { openEffectWriter } from '../../measure/logs/effect-log.ts';
import { loadTransportDefinition } from '../../transports/discover.ts';
import { openCompletionBook } from './completion-book.ts';
import { readPlanFile } from '../../plan/plan-file.ts';
import type { CompletionConfig, CompletionMessage, CompletionOrder } from './completion-config.ts';

/**
 * The listener's process: `node completion-listener.ts CONFIG`. It reads completion messages from a queue or topic of
 * the user's own service. It is a separate process, so as not to disturb the generator's event loop. It ends when its
 * hub closes, or on SIGTERM (code 0).
 */
type Hub = Awaited<ReturnType<typeof connectHub<CompletionMessage, CompletionOrder>>>;

async function main(configPath: string | undefined): Promise<void> {
  if (configPath === undefined) throw new CommbenchError('bad-option', 'Expected the path of a config file');
  const config = readPlanFile(configPath) as CompletionConfig;
  const asked = new Promise<void>((resolve) => void process.once('SIGTERM', () => resolve()));
  const hub = await connectHub<CompletionMessage, CompletionOrder>(config.socketPath);
  hub.send({ type: 'hello', name: config.name, mark: config.mark, pid: process.pid });
  try {
    await listenUntil(asked, config, hub);
    process.exit(EXIT.done);
  } catch (error) {
    process.stderr.write(`${error instanceof CommbenchError ? error.message : inspect(error)}\n`);
    hub.send({ type: 'failed', message: (error as Error).message });
    await hub.finish();
    process.exit(error instanceof CommbenchError ? error.exitCode : EXIT.defect);
  }
}

async function listenUntil(asked: Promise<void>, config: CompletionConfig, hub: Hub): Promise<void> {
  using log = openEffectWriter(config.effectLogPath, 0);
  const book = openCompletionBook(config, log, nowNs);
  await using listener = await listen(config, (message) => book.take(message));
  hub.send({ type: 'ready' });
  const lost = listener.lost.then((reason): never => {
    throw new CommbenchError('child-failed', reason);
  });
  const answering = hub.answer('count', () => ({ type: 'counted', counts: book.counts() }));
  await Promise.race([asked, lost, answering]);
}

async function listen(
  { transport: name, options, outlet }: CompletionConfig,
  take: (message: OutMessage) => void,
): Promise<OutletListener> {
  const definition = await loadTransportDefinition(name);
  if (!definition.parts.listenOutlet) throw new CommbenchError('defect', `${name} can't listen`);
  const open = await definition.parts.listenOutlet();
  return open(outlet, { options: definition.options.parse(options), take });
}

await main(process.argv[2]);
