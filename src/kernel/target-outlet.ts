/** The output of a target: a queue or topic named by the user, to which their service writes. */
export interface TargetOutlet {
  /** The broker's. */
  readonly url: string;
  /** Name of the queue or topic. */
  readonly name: string;
  /** Unique in this run and this host: what has to be made in the broker for listening begins with it. */
  readonly prefix: string;
}

/** A message that came out, as far as it can be read without knowing it. */
export interface OutMessage {
  readonly content: Buffer;
  readonly header: (name: string) => string | undefined;
}

export interface OutletContext<Options = unknown> {
  readonly options: Options;
  /** Called for each message as it comes; throws only where nothing may go on. */
  readonly take: (message: OutMessage) => void;
}

/** Somebody who takes every message that comes out from now on; disposing stops it. */
export interface OutletListener extends AsyncDisposable {
  /** Resolves with the reason when no more can come: what came meanwhile may have been missed. */
  readonly lost: Promise<string>;
}
