/** An act of a policy, on its edge's timeline in order of occurrence. */
export interface PolicyEvent {
  /** Name of the edge's policy. */
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
  /** A short cause: `5 failures in a row`, `budget spent`. */
  readonly cause: string;
  /** The arrival whose call it was; absent where a clock was the cause. */
  readonly sequence?: number;
}
