import { LOOSE_FROM } from '../../measure/figures/coupling.ts';
import type { GuideClaim, TestedClaim } from '../../analysis/claims/claim.ts';
import { WORTH_DOUBLING } from '../../analysis/claims/rules/consumers.ts';
import { MOST_LET_THROUGH } from '../../analysis/claims/rules/protection.ts';
import { LEFT_AT_MOST } from '../../analysis/claims/rules/retry.ts';
import { formatLimit } from '../format.ts';

/** The words of a claim. */
interface ClaimWords {
  /** In our own words, without a full stop. */
  readonly statement: string;
  /**
   * Of a claim that can be tested: which patterns, variants or cases its rule looks at, and when it is supported. Of
   * another one: what a test would take. One sentence, without its full stop.
   */
  readonly rule: string;
}

/** @throws RangeError where nobody wrote them */
export function claimWords({ id }: GuideClaim): ClaimWords {
  const words = STATEMENTS[id] ?? UNTESTED[id];
  if (!words) throw new RangeError(`Claim ${id} has no words`);
  return words;
}

/** Command that makes the result: `commbench run circuit-breaker --all`. */
export function commandOf({ scenario, takesAll }: TestedClaim): string {
  return `commbench run ${scenario}${takesAll ? ' --all' : ''}`;
}

const TABLE_RULE =
  'patterns rest, grpc, graphql, queue and events, each rated as in the report (--explain): supported if every rating of the column holds, contradicted if one does not';
/** By the order that every report claims: 99 % intervals of the ratio of medians in the same rounds. */
const ORDER = 'by the 99 % interval of the ratio of their medians in the same rounds';
const LOOSE = formatLimit(LOOSE_FROM);
const doublingRule = (pattern: string, unit: string) =>
  `pattern ${pattern}, the same burst for 1, 2, 4 and 8 consumers: supported if each doubling completes the median ${unit} at least ${WORTH_DOUBLING} times as soon, contradicted if eight consumers do not against one`;

const STATEMENTS: Readonly<Record<string, ClaimWords>> = {
  '1a': {
    statement: 'Latency: REST medium, gRPC low, GraphQL medium, message queue high, event-driven variable',
    rule: TABLE_RULE,
  },
  '1b': {
    statement: 'Complexity: REST low, gRPC medium, GraphQL medium, message queue medium, event-driven high',
    rule: TABLE_RULE,
  },
  '1c': {
    statement: 'Coupling: REST tight, gRPC tight, GraphQL tight, message queue loose, event-driven loose',
    rule: TABLE_RULE,
  },
  '2a': {
    statement: 'Over synchronous HTTP a caller is harmed when the service that it calls is down or slow',
    rule: 'variant synchronous, cases killed and slow: supported if all endpoints that depend on the ledger are harmed in both, contradicted if none is in one of them',
  },
  '2b': {
    statement: 'Synchronous HTTP between services makes bottlenecks and spreads failures',
    rule: 'variant synchronous, cases killed, frozen and slow: supported if in one of them at least an endpoint is harmed that has no part in the ledger, contradicted if in none',
  },
  '3a': {
    statement: 'Asynchronous messaging decouples: the caller goes on when the service is down',
    rule: `variants rabbitmq and kafka, cases killed, frozen and slow: supported if no endpoint is harmed in any, ${LOOSE} answered in time and finally done, while with the variant synchronous one is harmed in each; contradicted if an endpoint is harmed or less is done`,
  },
  '3b': {
    statement: 'With a queue or events in between, a caller does not need its service to be up',
    rule: 'patterns queue and events, the service killed: supported if both are loosely coupled (the rule for coupling of every report), contradicted if one is not',
  },
  '4a': {
    statement: 'Asynchronous messaging improves performance: the completion time is shorter',
    rule: `patterns queue and events against rest: supported if the completion time of both is shorter, contradicted if that of both is longer, ${ORDER}`,
  },
  '4b': {
    statement: 'Asynchronous messaging improves performance: the response time is shorter',
    rule: `patterns queue and events against rest: supported if the response time of both is shorter (until the broker's confirm), contradicted if that of both is longer, ${ORDER}`,
  },
  '4c': {
    statement: 'Parallel processing of messages is faster',
    rule: doublingRule('queue', 'message'),
  },
  '6': {
    statement: "The service's availability directly affects the requestor",
    rule: 'patterns rest, grpc and graphql, the service killed: supported if none is loosely coupled (the rule for coupling of every report), contradicted if one is',
  },
  '7a': {
    statement: 'A circuit breaker prevents cascading failures',
    rule: 'variants none and breaker: supported if endpoints that have no part in payments are harmed without it and none is with it, contradicted if one is with it too',
  },
  '7b': {
    statement: 'A circuit breaker prevents further requests to a failing service',
    rule: `variant breaker: supported if it acts, and while payments fails at most ${formatLimit(MOST_LET_THROUGH)} of the requests that are due get there, else contradicted`,
  },
  '8': {
    statement: 'Never wait forever: add time-outs',
    rule: 'variants none and timeout: supported if endpoints that have no part in what hangs are harmed without a time-out and none is with it, contradicted if one is with it too',
  },
  '9a': {
    statement: 'Retries handle transient failures of single requests',
    rule: `variants once and retry: supported if retries leave at most ${formatLimit(LEFT_AT_MOST)} of the requests lost that one try loses, contradicted if they lose as many or more`,
  },
  '9b': {
    statement: 'Retries with back-off handle transient failures of a whole service',
    rule: 'variant back-off, case frozen: supported if all recover by themselves after the freeze of 1.5 s, contradicted if they do not for as long as it is watched',
  },
  '10a': {
    statement: 'Queues deliver reliably',
    rule: 'pattern queue, its broker killed under load and restarted: supported if no accepted message was lost, contradicted if any was',
  },
  '10b': {
    statement: 'Queues absorb load spikes',
    rule: `patterns queue and rest, five times the load: supported if over the queue ${LOOSE} is accepted in time and finally done while REST loses some, contradicted if less is`,
  },
  '11': {
    statement: 'Queues suit high throughput',
    rule: 'pattern queue: supported if it completes more per second in the closed loop of the warm-up than each of rest, grpc and graphql, contradicted if less than each, by the 99 % interval of the ratio in the same rounds',
  },
  '12': { statement: 'Events scale easily with many consumers', rule: doublingRule('events', 'event') },
  '13a': {
    statement: 'A caller that needs the response gets it sooner synchronously',
    rule: `patterns rest, grpc and graphql against queue and stream, all request-reply: supported if each of the three responds sooner than both, contradicted if later, ${ORDER}`,
  },
  '13b': {
    statement: 'Asynchronous work is better handed to a broker',
    rule: `patterns queue and events against rest, the consumer slow: supported if over both no endpoint is harmed, ${LOOSE} is accepted in time and finally done while REST loses some, contradicted if an endpoint is harmed or less is done`,
  },
  '14': {
    statement: 'Start with REST, go to gRPC for performance',
    rule: `pattern grpc against rest, variants create, get and list: supported if it responds sooner in all, contradicted if later in all, ${ORDER}`,
  },
  '19': {
    statement: 'API contracts keep services compatible',
    rule: 'patterns rest, grpc, graphql, queue and stream, every reply checked against one contract of five operations: supported if none breaks it, contradicted if one does; an older client with a newer contract is not tested',
  },
  breaker: {
    statement: 'A breaker that opens at its fifth failure since it last closed opens when its service fails',
    rule: 'variant guides (their preset, a success never clears its count): supported if it acts on the fault and never opens while nothing is wrong, else contradicted',
  },
  consumer: {
    statement: 'A consumer may take one message at a time and give every failed one back to its queue',
    rule: 'patterns requeue (their preset: prefetch 1, every failure requeued) and dead-letter: supported if the same work is finally done with both, contradicted if less is with requeue',
  },
  retry: {
    statement: 'A REST client may repeat a POST three times on time-outs, lost connections and 5xx',
    rule: 'variant guides (their preset): supported if tries are repeated and no user is created twice, contradicted if one is',
  },
};

const UNTESTED: Readonly<Record<string, ClaimWords>> = {
  '5': {
    statement: 'Tight coupling hinders changing and scaling one service alone',
    rule: 'a newer contract with an older client beside it, and a service that is scaled while others run',
  },
  '15': {
    statement: 'Redundancy and failover improve reliability',
    rule: 'several replicas of one service, of which one is killed',
  },
  '16': {
    statement: 'Discovery enables dynamic scaling and routes only to available instances',
    rule: 'several instances behind a registry',
  },
  '17': {
    statement: 'Load balancing distributes traffic',
    rule: 'several instances behind a balancer',
  },
  '18': {
    statement: 'Monitoring and logging find issues quickly',
    rule: 'an alarm whose delay after a fault is measured',
  },
  '20': {
    statement: 'Secure protocols (HTTPS, TLS) are to be used',
    rule: 'the same patterns with and without TLS, to compare their cost',
  },
  '21': {
    statement: 'A gateway is a single entry point',
    rule: 'the same services with and without a gateway before them, and that one killed',
  },
  '22': {
    statement: 'Event sourcing and CQRS give highly decoupled systems',
    rule: 'a read side that is built from events, and either side killed',
  },
};
