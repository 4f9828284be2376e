import { GraphQLError, Kind, type ValidationRule } from 'graphql';

/**
 * Aliases could ask for one field a thousand times in one request. The envelope speaks of one message, so
 * one is what a request may ask for.
 */
export const oneRootField: ValidationRule = (context) => ({
  OperationDefinition(node) {
    const { selections } = node.selectionSet;
    if (selections.length === 1 && selections[0]!.kind === Kind.FIELD) return;
    context.reportError(new GraphQLError('Expected one field at the root of a request', { nodes: node }));
  },
});
