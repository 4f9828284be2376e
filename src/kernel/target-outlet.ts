/** The output of a target: a queue or topic named by the user, to which their service writes. */
export interface TargetOutlet {
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
