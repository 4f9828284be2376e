interface Allowed {
  readonly word: string;
  /** Files, from the root. */
  readonly in: RegExp;
  readonly why: string;
}

/** Retired words that are right in another sense. One that allows nothing is a problem, so that the list stays short. */
export const ALLOWED: readonly Allowed[] = [
  { word: 'settle', in: /^src\/transports\/rabbitmq\//, why: 'AMQP settles a message' },
  { word: 'slots', in: /^src\/policies\/breaker\//, why: 'a window has slots of time' },
  { word: 'border', in: /^src\/report\//, why: 'an option of cli-table3' },
  {
    word: 'caller waits',
    in: /^src\/(contracts\/interactions|transports\/[a-z]+)\//,
    why: 'a sentence on who waits for what, and no name of a figure',
  },
];
