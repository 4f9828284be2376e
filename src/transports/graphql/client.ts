import type { Dispatcher } from 'undici';
import { openCaller } from '../http/caller.ts';
import type { Dialect } from '../http/dialect.ts';
import { encodeEnvelope, ENVELOPE_HEADER, traced } from '../../kernel/envelope.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Address, ConnectContext, Connection, Message } from '../../kernel/transport.ts';
import { type Document, documentsOf } from './documents.ts';
import type { GraphqlOptions } from './options.ts';
import { type Expected, readAnswer } from './read-answer.ts';
import { type GraphqlOperation, GRAPHQL_PATH, rootField } from './schema.ts';

/** The caller's side of GraphQL: a POST with document and variables, over the same connections as REST. */
export function connectGraphql(
  address: Address,
  { options }: ConnectContext<GraphqlOptions>,
): Promise<Connection> {
  const questions = new Map(
    [...documentsOf(options.fields)].map(([operation, document]) => [operation, ask(operation, document)]),
  );
  const questionOf = ({ operation }: Message): Question => {
    const question = questions.get(operation);
    if (!question) throw new CommbenchError('defect', `Expected a document for ${operation}, found none`);
    return question;
  };
  const dialect: Dialect = {
    requestOf: (message) => write(questionOf(message).head, message),
    read: (message, status, body, waitedNs) => readAnswer(questionOf(message), status, body, waitedNs),
  };
  return openCaller(address, options, dialect);
}

/** The fixed part of an operation's calls: all except the variables. */
interface Question extends Expected {
  readonly head: string;
}

function ask(operation: string, { text, asked }: Document): Question {
  const head = `{"query":${JSON.stringify(text)},"variables":`;
  return { head, field: rootField(operation as GraphqlOperation), asked };
}

function write(head: string, { body, envelope }: Message): Dispatcher.DispatchOptions {
  return {
    method: 'POST',
    path: GRAPHQL_PATH,
    headers: traced(
      ['content-type', 'application/json', ENVELOPE_HEADER, encodeEnvelope(envelope)],
      envelope,
    ),
    body: `${head}${JSON.stringify(body)}}`,
  };
}
