/** The relation of caller and service: a file of src/contracts/interactions, found by listing. */
export interface Interaction {
  /** The file's name. */
  readonly name: string;
  /** One line for `commbench list`. */
  readonly title: string;
  /** The caller waits for the service's answer; otherwise for the broker's confirm. */
  readonly isAnswered: boolean;
  /** One answer is a series of items. */
  readonly isStream: boolean;
  /** Each of several subscribers gets every message, and has a ledger of its own. */
  readonly hasSubscribers: boolean;
  /** Messages of one key are done in sending order. */
  readonly isOrdered: boolean;
  /** The event at which a call is completed, in words. */
  readonly completion: string;
}
