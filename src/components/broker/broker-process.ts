import type { StartContext } from '../../kernel/component.ts';
import { portAnswers } from '../../platform/net/ports.ts';
import { startProcess } from '../../platform/process/started-process.ts';
import {
  howItEnded,
  type ProgramLabel,
  startUntilUseful,
  untilReady,
} from '../../platform/process/until-ready.ts';
import type { BrokerClient, BrokerRecipe, PreparedBroker } from './recipe.ts';

type Described = Pick<BrokerRecipe<never>, 'title' | 'client' | 'lastOutput'>;

/** Starts a broker's program and waits, at every start, until it accepted a real message. */
export function startBrokerProcess(
  recipe: Described,
  broker: PreparedBroker & { readonly readyMs: number },
  { spawner, signal: run }: Pick<StartContext, 'spawner' | 'signal'>,
) {
  const { spec, url, readyMs } = broker;
  const label: ProgramLabel = {
    title: recipe.title,
    lastOutputOf: (program) => recipe.lastOutput(program),
  };
  return startProcess({
    name: spec.name,
    signal: run,
    async begin(life, signal) {
      const own = { ...spec, name: `${spec.name}-${life}` };
      const program = await startUntilUseful(spawner, own, {
        label,
        signal: AbortSignal.any([signal, AbortSignal.timeout(readyMs)]),
        useful: (s) => untilOfUse(recipe.client, url, s, life === 1),
      });
      return { program, pids: broker.pidsOf?.(program) ?? [program.pid] };
    },
    pidsOf: ({ pids }) => pids,
    describeEnd: ({ program }, end) => howItEnded(label, program, end),
  });
}

/** Probes the port first: failing clients would slow down the starting broker. */
async function untilOfUse(
  client: BrokerClient,
  url: string,
  signal: AbortSignal,
  isNew: boolean,
): Promise<void> {
  await portAnswers(Number(new URL(url).port), signal);
  await untilReady((s) => client.prove(url, s), signal);
  if (isNew) await client.prime?.(url, signal);
}

/** Properties of a running broker that all kinds share. */
export function brokerAt({ name, client }: Pick<BrokerRecipe<never>, 'name' | 'client'>, url: string) {
  return {
    name,
    kind: 'broker',
    url,
    endpoints: [{ url }],
    warm: (signal: AbortSignal) => client.warm(url, signal),
  } as const;
}
