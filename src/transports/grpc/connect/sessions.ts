import type { ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { Http2SessionManager } from '@connectrpc/connect-node';
import { ENVELOPE_HEADER } from '../../../kernel/envelope.ts';
import { endpointOfGrpc } from '../endpoint-of.ts';

/** Time for a connection; a call waits no longer for one. */
const CONNECT_MS = 10_000;

/** One connection of Connect's own manager, without Nagle; tells which calls were put on it. */
export class ObservedSession {
  readonly #manager: Http2SessionManager;
  readonly #onSent: (envelope: string) => void;
  readonly authority: string;

  /** @param onSent called with the envelope of each call that was put on the connection */
  constructor(url: string, onSent: (envelope: string) => void) {
    const { hostname, port } = new URL(`http://${endpointOfGrpc(url)}`);
    const host = hostname.replaceAll(/^\[|\]$/g, '');
    this.authority = `http://${endpointOfGrpc(url)}`;
    this.#onSent = onSent;
    this.#manager = new Http2SessionManager(
      this.authority,
      { connectTimeoutMs: CONNECT_MS, idleConnectionTimeoutMs: Number.POSITIVE_INFINITY },
      { createConnection: () => connectSocket({ host, port: Number(port || 80), noDelay: true }) },
    );
  }

  /** Connects; a first attempt that fails is repeated by the next call. */
  async connect(): Promise<void> {
    await this.#manager.connect();
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: Parameters<Http2SessionManager['request']>[3],
  ): Promise<ClientHttp2Stream> {
    const stream = await this.#manager.request(method, path, headers, options);
    this.#onSent(String(headers[ENVELOPE_HEADER]));
    return stream;
  }

  notifyResponseByteRead(stream: ClientHttp2Stream): void {
    this.#manager.notifyResponseByteRead(stream);
  }

  abort(): void {
    this.#manager.abort();
  }
}
