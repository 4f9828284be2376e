import type { Envelope } from '../../src/kernel/envelope.ts';
import type {
  Address,
  Connection,
  Handler,
  Interaction,
  Message,
  Server,
  Transport,
  TransportDefinition,
} from '../../src/kernel/transport.ts';
import { loadTransportDefinition, transportNames } from '../../src/transports/discover.ts';
import { askForBroker } from './broker-url.ts';

/** One row of the contract suite: a transport, one of its interactions, and its broker if it needs one. */
export interface Subject {
  readonly name: string;
  readonly definition: TransportDefinition;
  readonly interaction: Interaction;
  readonly brokerUrl: string | undefined;
  /** Why it can't be tested here. */
  readonly missing: string | undefined;
}

/** Every transport in src/transports with every interaction that it says it has. */
export async function allSubjects(): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const name of transportNames()) {
    const definition = await loadTransportDefinition(name);
    const broker = definition.broker && (await askForBroker(definition.broker.name));
    const brokerUrl = broker?.state === 'here' ? broker.url : undefined;
    const missing = broker?.state === 'missing' ? broker.why : undefined;
    for (const interaction of definition.interactions) {
      subjects.push({ name, definition, interaction, brokerUrl, missing });
    }
  }
  return subjects;
}

/** A place of its own for one test: provisioned where the transport needs that, removed at the end. */
export interface Bench extends AsyncDisposable {
  /** What `provision` made; undefined where a server chooses. */
  readonly address: Address | undefined;
  serve(handler: Handler, at?: Address): Promise<Server>;
  connect(address: Address): Promise<Connection>;
}

export const SLOTS = 4;
let benches = 0;

export async function openBench(subject: Subject, slots = SLOTS): Promise<Bench> {
  const { definition, interaction, brokerUrl } = subject;
  const transport: Transport = await definition.load();
  const options = definition.options.parse({});
  const provisioned =
    brokerUrl === undefined
      ? undefined
      : await transport.provision!({
          options,
          interaction,
          slots,
          subscribers: 1,
          brokerUrl,
          prefix: `commbench.test.${process.pid}.${++benches}`,
        });
  const address = provisioned?.address;
  return {
    address,
    serve: (handler, at = address) =>
      transport.serve(handler, { options, interaction, slots, subscriber: 0, address: at }),
    connect: (to) => transport.connect(to, { options, interaction }),
    async [Symbol.asyncDispose]() {
      await provisioned?.[Symbol.asyncDispose]();
    },
  };
}

export function createUser(sequence: number, extra: Partial<Envelope> = {}): Message {
  return {
    operation: 'createUser',
    body: { email: `user.${sequence}@example.com`, name: `User ${sequence}` },
    envelope: { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs: 0, ...extra },
  };
}

/** Collects what comes and lets a test wait until it is there: no sleeping. */
export function createSink<T>() {
  const items: T[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  return {
    items,
    put(item: T) {
      items.push(item);
      const ready = waiting.filter(({ count }) => items.length >= count);
      waiting = waiting.filter(({ count }) => items.length < count);
      for (const { resolve } of ready) resolve();
    },
    /** Settles when at least so many have come. */
    async holds(count: number) {
      if (items.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
    },
  };
}
