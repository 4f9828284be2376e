import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Unix socket on which the test run's brokers are asked for. */
    brokerOffice: string;
  }
}

export type BrokerAnswer =
  | { readonly state: 'here'; readonly url: string }
  | { readonly state: 'missing'; readonly why: string };

/** The test run's broker of this name, started now if nobody asked before. */
export async function askForBroker(name: string): Promise<BrokerAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<BrokerAnswer>();
  request({ socketPath: inject('brokerOffice'), path: `/${name}` }, (response) => {
    text(response).then((body) => resolve(JSON.parse(body) as BrokerAnswer), reject);
  })
    .on('error', reject)
    .end();
  return promise;
}
