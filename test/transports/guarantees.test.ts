import { expect, test } from 'vitest';
import { definition as graphql } from '../../src/transports/graphql/index.ts';
import { definition as grpc } from '../../src/transports/grpc/index.ts';
import { definition as kafka } from '../../src/transports/kafka/index.ts';
import { definition as rabbitmq } from '../../src/transports/rabbitmq/index.ts';
import { definition as rest } from '../../src/transports/rest/index.ts';

test('one promise has one wording, or reports would call it unequal; two promises never share a label', () => {
  const direct = [
    rest.statements.guarantee(rest.options.parse({}), 'request-reply'),
    grpc.statements.guarantee(grpc.options.parse({}), 'request-reply'),
    graphql.statements.guarantee(graphql.options.parse({}), 'request-reply'),
  ];
  for (const guarantee of direct) expect(guarantee).toEqual(direct[0]);
  const labels = [
    direct[0]!,
    rabbitmq.statements.guarantee(rabbitmq.options.parse({}), 'work-queue'),
    rabbitmq.statements.guarantee(rabbitmq.options.parse({}), 'request-reply'),
    kafka.statements.guarantee(kafka.options.parse({}), 'publish-subscribe'),
    kafka.statements.guarantee(kafka.options.parse({}), 'request-reply'),
  ].map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
});
