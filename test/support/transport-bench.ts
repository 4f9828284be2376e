import { z } from 'zod';
import { operationByName } from '../../src/contracts/contracts.ts';
import { isStream } from '../../src/contracts/interactions.ts';
import { users } from '../../src/contracts/users.ts';
import type { StreamPlan } from '../../src/kernel/contract.ts';
import type {
  Address,
  Connection,
  Handler,
  Server,
  StreamHandler,
  Transport,
  TransportDefinition,
} from '../../src/kernel/transport.ts';
import { streamCall } from '../../src/generator/stream-call.ts';
import { loadTransportDefinition, transportNames } from '../../src/transports/discover.ts';
import { askForBroker } from './broker-url.ts';
import { wholeTransport } from './whole-transport.ts';

/** One row of the contract suite: a transport, one of its interactions, and its broker if it needs one. */
export interface Subject {
  readonly name: string;
  readonly definition: TransportDefinition;
  readonly interaction: string;
  readonly brokerUrl: string | undefined;
  /** Options of the transport that are not its defaults. */
  readonly options?: object;
  /** Why it can't be tested here. */
  readonly missing: string | undefined;
}

/**
 * Every transport in src/transports with every interaction that it says it has.
 * @param isWanted by the name of its broker
 */
export async function allSubjects(isWanted: (broker: string | undefined) => boolean): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const name of transportNames()) {
    const definition = await loadTransportDefinition(name);
    if (!isWanted(definition.broker?.name)) continue;
    const broker = definition.broker && (await askForBroker(definition.broker.name));
    const brokerUrl = broker?.state === 'here' ? broker.url : undefined;
    const missing = broker?.state === 'missing' ? broker.why : undefined;
    for (const interaction of definition.interactions) {
      subjects.push({ name, definition, interaction, brokerUrl, missing });
    }
  }
  return subjects;
}

/** Options for each way in which it can write its messages besides its default. */
export function encodingsOf({ definition }: Subject): object[] {
  return othersOf(definition, 'encoding').map((encoding) => ({ encoding }));
}

/** Options by which it uses another library on both sides, where it has one. */
export function librariesOf({ definition }: Subject): object | undefined {
  const [client, host] = [othersOf(definition, 'client').at(0), othersOf(definition, 'host').at(0)];
  if (client === undefined && host === undefined) return undefined;
  return { ...(client === undefined ? {} : { client }), ...(host === undefined ? {} : { host }) };
}

/** Options by which the two sides use different libraries, where both have a choice of the same ones. */
export function mixedLibrariesOf({ definition }: Subject): object[] {
  const [clients, hosts] = [othersOf(definition, 'client'), othersOf(definition, 'host')];
  const isOneChoice = clients.length > 0 && clients.every((client) => hosts.includes(client));
  return isOneChoice ? [{ client: clients[0] }, { host: hosts[0] }] : [];
}

/** Values of an option besides its default. */
function othersOf({ options }: TransportDefinition, option: string): string[] {
  const { properties } = z.toJSONSchema(options, { io: 'input' }) as {
    properties: Record<string, { enum?: string[]; default?: unknown }>;
  };
  const { enum: values = [], default: usual } = properties[option] ?? {};
  return values.filter((value) => value !== usual);
}

/** A place of its own for one test: provisioned where the transport needs that, removed at the end. */
export interface Bench extends AsyncDisposable {
  /** What `provision` made; undefined where a server chooses. */
  readonly address: Address | undefined;
  /** A stream is given out as the items of the plan that the handler answers with, one after another. */
  serve(handler: Handler, at?: Address, subscriber?: number): Promise<Server>;
  serveStream(stream: StreamHandler): Promise<Server>;
  /** A stream is one call: its reply is the array of its items, as it is for the generator. */
  connect(address: Address): Promise<Connection>;
}

export interface BenchSettings {
  readonly concurrency?: number;
  readonly subscribers?: number;
  /** Options of the transport that are not its defaults. */
  readonly options?: object;
}

export const SLOTS = 4;
let benches = 0;

export async function openBench(subject: Subject, settings: BenchSettings = {}): Promise<Bench> {
  const { definition, interaction } = subject;
  const { concurrency = SLOTS, subscribers = 1 } = settings;
  const transport: Transport = await wholeTransport(definition);
  const options = definition.options.parse({ ...subject.options, ...settings.options });
  const provisioned = await provision(subject, transport, { options, interaction, concurrency, subscribers });
  const address = provisioned?.address;
  const context = { options, interaction, concurrency };
  return {
    address,
    serve: (handler, at = address, subscriber = 0) =>
      transport.serve(handler, { ...context, subscriber, address: at, ...streamFor(interaction, handler) }),
    serveStream: (stream) => transport.serve(refuse, { ...context, subscriber: 0, address, stream }),
    async connect(to) {
      const connection = await transport.connect(to, { options, interaction });
      return isStream(interaction) ? withStreamsAsCalls(connection) : connection;
    },
    async [Symbol.asyncDispose]() {
      await provisioned?.[Symbol.asyncDispose]();
    },
  };
}

async function provision(
  { brokerUrl }: Subject,
  transport: Transport,
  context: { options: unknown; interaction: string; concurrency: number; subscribers: number },
) {
  if (brokerUrl === undefined) return undefined;
  return transport.provision!({
    ...context,
    brokerUrl,
    prefix: `commbench.test.${process.pid}.${++benches}`,
  });
}

function streamFor(interaction: string, handler: Handler): { stream?: StreamHandler } {
  if (!isStream(interaction)) return {};
  return {
    async *stream(message) {
      const handled = await handler(message);
      if (handled.kind === 'failed') return yield handled;
      for (const body of (handled.body as StreamPlan).items) yield { kind: 'done', body };
    },
  };
}

/** The generator's own way to call a stream, without the instants. */
function withStreamsAsCalls(connection: Connection): Connection {
  const shape = operationByName(users, 'streamUserEvents').stream!;
  const nowhere = { perArrival: 0, ns: new Float64Array(0) };
  return {
    send: streamCall(connection, shape, { items: nowhere, shard: { index: 0, count: 1 } }),
    open: connection.open!.bind(connection),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

const refuse: Handler = () =>
  Promise.resolve({ kind: 'failed', status: 'bad-request', noEffect: true, detail: 'Only streams here' });
