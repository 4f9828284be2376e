import path from 'node:path';
import type { BrokerDefinition } from '../../kernel/broker.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import { foldersWith, outsideModule } from '../../platform/definitions.ts';

const EXTENSION = path.extname(import.meta.filename);

/** Kinds of broker, found by listing the folders beside this file. */
function brokerNames(): string[] {
  return foldersWith(import.meta.dirname, 'broker');
}

/** @param name of a folder beside this file */
export async function loadBrokerDefinition(name: string): Promise<BrokerDefinition> {
  const file = outsideModule(import.meta.dirname, name, 'broker') ?? `./${name}/broker${EXTENSION}`;
  const { broker } = (await import(/* @vite-ignore */ file)) as {
    broker: BrokerDefinition;
  };
  return broker;
}

/** Every kind of broker. */
export function brokerDefinitions(): Promise<BrokerDefinition[]> {
  return Promise.all(brokerNames().map(loadBrokerDefinition));
}

/**
 * The brokers of these names, or all without names.
 * @throws CommbenchError with the nearest match
 */
export async function chosenBrokers(names: readonly string[]): Promise<BrokerDefinition[]> {
  const known = brokerNames();
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new CommbenchError('bad-option', `Expected the name of a broker, found ${name}`, {
      hint: didYouMean(name, known),
    });
  }
  const chosen = names.length === 0 ? known : known.filter((name) => names.includes(name));
  return Promise.all(chosen.map(loadBrokerDefinition));
}
