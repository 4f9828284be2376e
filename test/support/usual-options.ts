import { loadTransportDefinition, transportNames } from '../../src/transports/discover.ts';

/** Complete options of every transport, all by default: as a service is given them. */
export const USUAL_OPTIONS: Readonly<Record<string, unknown>> = Object.fromEntries(
  await Promise.all(
    transportNames().map(async (name) => {
      const { options } = await loadTransportDefinition(name);
      return [name, options.parse({})] as const;
    }),
  ),
);
