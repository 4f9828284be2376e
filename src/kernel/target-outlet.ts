/** TLS to a target or its broker; files are absolute paths. */
export interface TlsSettings {
  /** Certificate authorities that are trusted; absent: those of Node. */
  readonly ca?: string | undefined;
  /** The client's certificate, and its private key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Name that the certificate must have; absent: the host of the URL. */
  readonly serverName?: string | undefined;
  /** Certificates are not verified. */
  readonly insecure: boolean;
}

/** Login at a Kafka broker. */
export interface SaslSettings {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** How a connection is secured. Absent parts: no TLS, no login beyond that of the URL. */
export interface Security {
  readonly tls?: TlsSettings | undefined;
  readonly sasl?: SaslSettings | undefined;
}

/** The output of a target: a queue or topic named by the user, to which their service writes. */
export interface TargetOutlet extends Security {
  /** The broker's. */
  readonly url: string;
  /** Name of the queue or topic. */
  readonly name: string;
  /** Unique in this run and this host: what has to be made in the broker for listening begins with it. */
  readonly prefix: string;
}

/** A completion message, as far as it can be read without knowing its format. */
export interface OutMessage {
  readonly content: Buffer;
  readonly header: (name: string) => string | undefined;
}

export interface OutletContext<Options = unknown> {
  readonly options: Options;
  /** Called for each message as it comes; throws only where the run must end. */
  readonly take: (message: OutMessage) => void;
}

/** A reader of every message from now on; disposing stops it. */
export interface OutletListener extends AsyncDisposable {
  /** Resolves with the reason when no more can come: later messages may have been missed. */
  readonly lost: Promise<string>;
}
