import { GraphQLError, Kind, type ValidationRule } from 'graphql';

/** A longer document is refused before it is parsed to its end, as its cost is unbounded. */
export const MAX_TOKENS = 1000;

/**
 * Aliases could request one field a thousand times at once. The envelope is of one message, so a request may have one
 * root field.
 */
export const oneRootField: ValidationRule = (context) => ({
  OperationDefinition(node) {
    const { selections } = node.selectionSet;
    if (selections.length === 1 && selections[0]!.kind === Kind.FIELD) return;
    context.reportError(new GraphQLError('Expected one field at the root of a request', { nodes: node }));
  },
});
