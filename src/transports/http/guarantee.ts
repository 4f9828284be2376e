import type { Guarantee } from '../../kernel/transport.ts';

/** What every transport over HTTP promises. */
export const HTTP_GUARANTEE: Guarantee = {
  label: 'at-most-once, nothing durable',
  acknowledgedBy: 'the service, by its reply after the effect is done',
  durableAgainst: 'nothing: a request dies with the service or its connection',
  delivery: 'at-most-once',
  order: 'none between requests',
};
