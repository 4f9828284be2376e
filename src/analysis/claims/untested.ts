import type { UntestedClaim } from './claim.ts';

/** What nothing here can test yet, and what it would take. */
export const UNTESTED_CLAIMS: readonly UntestedClaim[] = [
  {
    id: '5',
    statement: 'Tight coupling hinders changing and scaling one service alone',
    guides: ['A'],
    takes: 'a newer contract with an older client beside it, and a service that is scaled while others run',
  },
  {
    id: '15',
    statement: 'Redundancy and failover improve reliability',
    guides: ['D'],
    takes: 'several replicas of one service, of which one is killed',
  },
  {
    id: '16',
    statement: 'Discovery enables dynamic scaling and routes only to available instances',
    guides: ['C', 'A'],
    takes: 'several instances behind a registry',
  },
  {
    id: '17',
    statement: 'Load balancing distributes traffic',
    guides: ['A', 'C'],
    takes: 'several instances behind a balancer',
  },
  {
    id: '18',
    statement: 'Monitoring and logging find issues quickly',
    guides: ['A', 'B', 'C'],
    takes: 'an alarm whose delay after a fault is measured',
  },
  {
    id: '20',
    statement: 'Secure protocols (HTTPS, TLS) are to be used',
    guides: ['A', 'C'],
    takes: 'the same rows with and without TLS, for its cost',
  },
  {
    id: '21',
    statement: 'A gateway is a single entry point',
    guides: ['B'],
    takes: 'the same services with and without a gateway before them, and that one killed',
  },
  {
    id: '22',
    statement: 'Event sourcing and CQRS give highly decoupled systems',
    guides: ['B'],
    takes: 'a read side that is built from events, and either side killed',
  },
].map((claim) => ({ ...claim, scenario: null }) as UntestedClaim);
