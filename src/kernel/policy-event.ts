/** Something a policy did: it stands on its edge's timeline, in the order in which it happened. */
export interface PolicyEvent {
  /** Which policy of the edge: its name. */
  readonly policy: string;
  /**
   * opened, half-open, closed: a breaker's new state. probe: a call admitted in half-open. rejected: a call that
   * was not let through. retried: one more attempt. hedged: a second one beside the first. expired: a wait that
   * the policy ended. fell-back: an answer of its own.
   */
  readonly what:
    | 'opened'
    | 'half-open'
    | 'closed'
    | 'probe'
    | 'rejected'
    | 'retried'
    | 'hedged'
    | 'expired'
    | 'fell-back';
  /** In a few words: `5 failures in a row`, `budget spent`. */
  readonly cause: string;
  /** The arrival whose call it was; absent where a clock was the cause. */
  readonly sequence?: number;
}
