import type { Guarantee } from '../../kernel/transport.ts';

/** The guarantee of every transport over HTTP. */
export const HTTP_GUARANTEE: Guarantee = {
  label: 'at-most-once, nothing durable',
  acknowledgedBy: 'the service, by its reply after the effect is done',
  durableAgainst: 'nothing: a request dies with the service or its connection',
  delivery: 'at-most-once',
  order: 'none between requests',
};
