import { type DocumentNode, type GraphQLError, parse, validate } from 'graphql';
import { MAX_TOKENS } from './document-limits.ts';

/** graphql's own `parse` and `validate`, for graphql-http. */
export interface DocumentCache {
  readonly parse: typeof parse;
  readonly validate: typeof validate;
}

/**
 * Each document is parsed and validated once and cached by its text; past `limit` the oldest is dropped. For one
 * schema and one list of rules.
 */
export function createDocumentCache(limit: number): DocumentCache {
  const documents = new Map<string, DocumentNode>();
  const errorsOf = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  return {
    parse(source) {
      const text = typeof source === 'string' ? source : source.body;
      const known = documents.get(text);
      if (known) return known;
      const document = parse(text, { maxTokens: MAX_TOKENS });
      documents.set(text, document);
      if (documents.size > limit) documents.delete(documents.keys().next().value!);
      return document;
    },
    validate(schema, document, rules) {
      const known = errorsOf.get(document);
      if (known) return known;
      const errors = validate(schema, document, rules);
      errorsOf.set(document, errors);
      return errors;
    },
  };
}
