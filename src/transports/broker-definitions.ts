import type { BrokerDefinition } from '../kernel/broker.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { didYouMean } from '../kernel/nearest.ts';
import { loadTransportDefinition, transportNames } from './discover.ts';

/** Every kind of broker that some transport needs. */
export async function brokerDefinitions(): Promise<BrokerDefinition[]> {
  const transports = await Promise.all(transportNames().map(loadTransportDefinition));
  return [...new Set(transports.flatMap(({ broker }) => broker ?? []))];
}

/** The brokers of these names, or all where none is named. @throws CommbenchError with the nearest match */
export async function chosenBrokers(names: readonly string[]): Promise<BrokerDefinition[]> {
  const all = await brokerDefinitions();
  const known = all.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new CommbenchError('bad-option', `Expected the name of a broker, found ${name}`, {
      hint: didYouMean(name, known),
    });
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}
