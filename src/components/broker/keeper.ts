/**
 * Keeps one broker between runs: a detached process with a reaper of its own. Started by `up`, which
 * holds its standard input: while the broker is not up, the end of that pipe ends it again.
 */
import { openKeeperServer, type KeeperServer } from './keeper-server.ts';
import { keeperSocket, type KeptBroker } from './kept.ts';
import { tryLock } from '../../platform/packages/lock.ts';
import type { BrokerDefinition, StartedBroker } from '../../kernel/broker.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { chosenBrokers } from './broker-definitions.ts';
import { openRunFolder } from '../../platform/process/run-folder.ts';
import { startSupervisor, type Supervisor } from '../../platform/process/supervisor.ts';

/** Its only argument, as JSON. */
export interface KeeperSettings {
  readonly broker: string;
  readonly cacheFolder: string;
  readonly idleMs: number;
}

/** Why it ends; the first cause wins. */
type Ending =
  | { readonly cause: 'asked' | 'idle' | 'signal' | 'starter gone' }
  | { readonly cause: 'lost'; readonly words: string };

interface Keeper {
  readonly settings: KeeperSettings;
  readonly definition: BrokerDefinition;
  readonly server: KeeperServer;
  readonly ending: PromiseWithResolvers<Ending>;
  /** Aborted when it ends. */
  readonly signal: AbortSignal;
  readonly kept: Kept;
}

/** What it can tell of its broker by now. */
interface Kept {
  readonly name: string;
  readonly sinceMs: number;
  state: KeptBroker['state'];
  broker: StartedBroker | undefined;
}

await keep(JSON.parse(process.argv[2] ?? '') as KeeperSettings);

async function keep(settings: KeeperSettings): Promise<void> {
  const socketPath = keeperSocket(settings.cacheFolder, settings.broker);
  await using lock = await tryLock(socketPath);
  // Another keeper was first: whoever wants this broker finds that one.
  if (!lock) return;
  const [definition] = (await chosenBrokers([settings.broker])) as [BrokerDefinition];
  const ending = Promise.withResolvers<Ending>();
  const controller = new AbortController();
  void ending.promise.then(({ cause }) =>
    controller.abort(new CommbenchError('terminated', `Ended: ${cause}`)),
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => ending.resolve({ cause: 'signal' }));
  }
  const kept: Kept = { name: settings.broker, sinceMs: Date.now(), state: 'starting', broker: undefined };
  await using server = await openKeeperServer({
    socketPath,
    idleMs: settings.idleMs,
    describe: () => describeKept(kept),
    onEnd: (cause) => ending.resolve({ cause }),
  });
  const keeper: Keeper = { settings, definition, server, ending, signal: controller.signal, kept };
  endWithStarter(keeper);
  await run(keeper);
}

/** Once the broker is up, its starter may go. */
function endWithStarter(keeper: Keeper): void {
  const gone = () => {
    if (keeper.kept.state === 'starting') keeper.ending.resolve({ cause: 'starter gone' });
  };
  process.stdin.on('end', gone).on('close', gone).on('error', gone).resume();
}

async function run(keeper: Keeper): Promise<void> {
  try {
    using runFolder = openRunFolder();
    await using supervisor = await startSupervisor(runFolder);
    void supervisor.lost.then((words) => keeper.ending.resolve({ cause: 'lost', words }));
    await using broker = await startBroker(keeper, supervisor, runFolder.folder);
    void broker.lost.then((words) => keeper.ending.resolve({ cause: 'lost', words }));
    keeper.kept.broker = broker;
    keeper.kept.state = 'up';
    keeper.server.changed();
    const end = await keeper.ending.promise;
    keeper.kept.state = 'stopping';
    if (end.cause === 'lost') keeper.server.tell({ type: 'lost', words: end.words });
    else keeper.server.changed();
  } catch (error) {
    reportFailure(keeper, error);
  }
}

/** From anywhere but a URL: another's broker needs no keeper. */
async function startBroker(keeper: Keeper, spawner: Supervisor, folder: string): Promise<StartedBroker> {
  const context = {
    url: undefined,
    cacheFolder: keeper.settings.cacheFolder,
    signal: keeper.signal,
    spawner,
    folder,
    progress: (line: string) => keeper.server.tell({ type: 'progress', line }),
  };
  return keeper.definition.start(await keeper.definition.find(context), context);
}

function reportFailure(keeper: Keeper, error: unknown): void {
  process.exitCode = error instanceof CommbenchError ? error.exitCode : EXIT.defect;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  const known = error instanceof CommbenchError;
  keeper.server.tell({
    type: 'failed',
    code: known ? error.code : 'defect',
    message: error instanceof Error ? error.message : String(error),
    hint: known ? error.hint : undefined,
  });
}

function describeKept({
  name,
  sinceMs,
  state,
  broker,
}: Kept): Omit<KeptBroker, 'type' | 'users' | 'endsAtMs'> {
  return {
    name,
    keeperPid: process.pid,
    state,
    url: broker?.url ?? '',
    version: broker?.version ?? '',
    source: broker?.source ?? '',
    pids: [...(broker?.pids ?? [])],
    sinceMs,
  };
}
