import type { UntestedClaim } from '../claim.ts';

/** Claims that nothing here can test yet. */
export const definition: readonly UntestedClaim[] = [
  {
    id: '5b',
    guides: ['A'],
    statement: 'Tight coupling hinders scaling one service alone',
    rule: 'a service that is scaled while others run',
    scenario: null,
  },
  {
    id: '15',
    guides: ['D'],
    statement: 'Redundancy and failover improve reliability',
    rule: 'several replicas of one service, of which one is killed',
    scenario: null,
  },
  {
    id: '16',
    guides: ['C', 'A'],
    statement: 'Discovery enables dynamic scaling and routes only to available instances',
    rule: 'several instances behind a registry',
    scenario: null,
  },
  {
    id: '17',
    guides: ['A', 'C'],
    statement: 'Load balancing distributes traffic',
    rule: 'several instances behind a balancer',
    scenario: null,
  },
  {
    id: '18',
    guides: ['A', 'B', 'C'],
    statement: 'Monitoring and logging find issues quickly',
    rule: 'an alarm whose delay after a fault is measured',
    scenario: null,
  },
  {
    id: '20',
    guides: ['A', 'C'],
    statement: 'Secure protocols (HTTPS, TLS) are to be used',
    rule: 'the same patterns with and without TLS, to compare their cost',
    scenario: null,
  },
  {
    id: '21',
    guides: ['B'],
    statement: 'A gateway is a single entry point',
    rule: 'the same services with and without a gateway before them, and that one killed',
    scenario: null,
  },
  {
    id: '22',
    guides: ['B'],
    statement: 'Event sourcing and CQRS give highly decoupled systems',
    rule: 'a read side that is built from events, and either side killed',
    scenario: null,
  },
];
