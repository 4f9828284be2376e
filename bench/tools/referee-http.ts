import { createServer, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../src/platform/net/listen.ts';
import type { Recorder } from './recorder.ts';

const OK = Buffer.from('ok');

/**
 * Plain node:http: any path and method is answered with 200 and two bytes. A request's instant is when Node
 * hands it over, so whatever delays this process counts against the caller, the same for all of them.
 * @param hold undefined: answers at once
 * @returns the port
 */
export function serveRefereeHttp(
  recorder: Recorder,
  hold: (() => Promise<void>) | undefined,
): Promise<number> {
  const server = createServer((_request, response) => {
    const arrivedMs = recorder.arrived();
    if (!hold) return answer(response);
    void hold().then(() => {
      recorder.answered(arrivedMs);
      answer(response);
    });
  });
  server.keepAliveTimeout = 60_000;
  return listenOnLoopback(server, undefined);
}

function answer(response: ServerResponse): void {
  response.setHeader('content-length', OK.length);
  response.end(OK);
}
