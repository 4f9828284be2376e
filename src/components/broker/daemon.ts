/**
 * Runs one broker between runs: a detached process with a reaper of its own. `up` starts it and holds its standard
 * input: until the broker is up, the end of that pipe ends it.
 */
import { openDaemonServer, type DaemonServer } from './daemon-server.ts';
import { daemonSocket, type PersistentBroker } from './persistent.ts';
import { tryLock } from '../../platform/packages/lock.ts';
import type { BrokerDefinition, StartedBroker } from '../../kernel/broker.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { chosenBrokers } from './broker-definitions.ts';
import { openRunFolder } from '../../platform/process/run-folder.ts';
import { watchStopped } from '../../platform/process/stopped-watch.ts';
import { startSupervisor, type Supervisor } from '../../platform/process/supervisor.ts';

/** Its only argument, as JSON. */
export interface DaemonSettings {
  readonly broker: string;
  readonly cacheFolder: string;
  readonly idleMs: number;
}

/** Reason of its end; the first one wins. */
type Ending =
  | { readonly cause: 'asked' | 'idle' | 'signal' | 'starter gone' }
  | { readonly cause: 'lost'; readonly words: string };

interface BrokerDaemon {
  readonly settings: DaemonSettings;
  readonly definition: BrokerDefinition;
  readonly server: DaemonServer;
  readonly ending: PromiseWithResolvers<Ending>;
  /** Aborted when the daemon ends. */
  readonly signal: AbortSignal;
  readonly state: DaemonState;
}

/** Known state of its broker. */
interface DaemonState {
  readonly name: string;
  readonly sinceMs: number;
  state: PersistentBroker['state'];
  broker: StartedBroker | undefined;
}

await serveDaemon(JSON.parse(process.argv[2] ?? '') as DaemonSettings);

async function serveDaemon(settings: DaemonSettings): Promise<void> {
  const socketPath = daemonSocket(settings.cacheFolder, settings.broker);
  await using lock = await tryLock(socketPath);
  // Another broker daemon was first: users of this broker find that one.
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
  const state: DaemonState = {
    name: settings.broker,
    sinceMs: Date.now(),
    state: 'starting',
    broker: undefined,
  };
  await using server = await openDaemonServer({
    socketPath,
    idleMs: settings.idleMs,
    describe: () => describeDaemon(state),
    onEnd: (cause) => ending.resolve({ cause }),
  });
  const daemon: BrokerDaemon = { settings, definition, server, ending, signal: controller.signal, state };
  endWithStarter(daemon);
  await run(daemon);
}

/** Ends with the starting command, until the broker is up. */
function endWithStarter(daemon: BrokerDaemon): void {
  const gone = () => {
    if (daemon.state.state === 'starting') daemon.ending.resolve({ cause: 'starter gone' });
  };
  process.stdin.on('end', gone).on('close', gone).on('error', gone).resume();
}

async function run(daemon: BrokerDaemon): Promise<void> {
  try {
    using runFolder = openRunFolder();
    await using supervisor = await startSupervisor(runFolder);
    void supervisor.lost.then((words) => daemon.ending.resolve({ cause: 'lost', words }));
    await using broker = await startBroker(daemon, supervisor, runFolder.folder);
    void broker.lost.then((words) => daemon.ending.resolve({ cause: 'lost', words }));
    // Whoever measures with it, or would next, waits for nothing.
    using _watch = watchStopped(
      () => broker.pids,
      (words) => daemon.ending.resolve({ cause: 'lost', words: `${daemon.definition.title} ${words}` }),
    );
    daemon.state.broker = broker;
    daemon.state.state = 'up';
    daemon.server.changed();
    const end = await daemon.ending.promise;
    daemon.state.state = 'stopping';
    if (end.cause === 'lost') daemon.server.broadcast({ type: 'lost', words: end.words });
    else daemon.server.changed();
  } catch (error) {
    reportFailure(daemon, error);
  }
}

/** Starts the broker from any source except a URL, which needs no daemon. */
async function startBroker(
  daemon: BrokerDaemon,
  spawner: Supervisor,
  folder: string,
): Promise<StartedBroker> {
  const context = {
    url: undefined,
    cacheFolder: daemon.settings.cacheFolder,
    signal: daemon.signal,
    spawner,
    folder,
    progress: (line: string) => daemon.server.broadcast({ type: 'progress', line }),
  };
  return daemon.definition.start(await daemon.definition.find(context), context);
}

function reportFailure(daemon: BrokerDaemon, error: unknown): void {
  process.exitCode = error instanceof CommbenchError ? error.exitCode : EXIT.defect;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  const known = error instanceof CommbenchError;
  daemon.server.broadcast({
    type: 'failed',
    code: known ? error.code : 'defect',
    message: error instanceof Error ? error.message : String(error),
    hint: known ? error.hint : undefined,
  });
}

function describeDaemon({
  name,
  sinceMs,
  state,
  broker,
}: DaemonState): Omit<PersistentBroker, 'type' | 'users' | 'endsAtMs'> {
  return {
    name,
    daemonPid: process.pid,
    state,
    url: broker?.url ?? '',
    version: broker?.version ?? '',
    source: broker?.source ?? '',
    pids: [...(broker?.pids ?? [])],
    sinceMs,
  };
}
