import path from 'node:path';
import type { Catalogue } from '../kernel/catalogue.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { didYouMean } from '../kernel/nearest.ts';
import type { TransportDefinition, TransportParts } from '../kernel/transport.ts';
import { foldersWith, outsideModule } from '../platform/definitions.ts';
import { adapterLines } from './adapter-lines.ts';

const EXTENSION = path.extname(import.meta.filename);

/** A folder next to this file with an index is a transport: there is no list to forget. */
export function transportNames(): string[] {
  return foldersWith(import.meta.dirname, 'index');
}

/** @throws CommbenchError with the nearest match for an unknown transport */
export async function loadTransportDefinition(name: string): Promise<TransportDefinition> {
  const { definition } = (await importOf(name, 'index')) as { definition: TransportDefinition };
  return definition;
}

/** For a process with complete options: without the definition, whose schemas take longer to load than a server. */
export async function loadTransportParts(name: string): Promise<TransportParts> {
  const { parts } = (await importOf(name, 'parts')) as { parts: TransportParts };
  return parts;
}

function importOf(name: string, what: string): Promise<unknown> {
  const names = transportNames();
  const outside = outsideModule(import.meta.dirname, name, what);
  if (outside !== undefined) return import(/* @vite-ignore */ outside);
  const file = `./${name}/${what}${EXTENSION}`;
  if (names.includes(name)) return import(file);
  throw new CommbenchError('bad-scenario', `Expected a transport, found ${name}`, {
    hint: didYouMean(name, names),
  });
}

/** Every transport; no client library is loaded for it. */
export async function loadCatalogue(): Promise<Catalogue> {
  const definitions = await Promise.all(transportNames().map(loadTransportDefinition));
  return { transports: new Map(definitions.map((one) => [one.name, one])), adapterLines };
}
