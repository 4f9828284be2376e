import { describeTransports } from './transport-suite.ts';

await describeTransports((broker) => broker !== undefined && broker !== 'rabbitmq');
