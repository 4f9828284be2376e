/** Comments and strings of a document, which may hold any text. */
const ASIDE = /#[^\n\r]*|"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n\r]|\\.)*"/gs;

/**
 * The operations of a validated document, e.g. `query GetUser`. Found without graphql's library, which only the sender
 * and the server of a document need.
 */
export function operationNames(document: string): string[] {
  const tokens = document.replaceAll(ASIDE, ' ').match(/[A-Za-z_]\w*|[{}()]/g) ?? [];
  const names: string[] = [];
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if ('{('.includes(token)) {
      // A selection without a keyword is a query without a name.
      if (depth === 0 && token === '{' && (i === 0 || tokens[i - 1] === '}')) names.push('query');
      depth++;
    } else if ('})'.includes(token)) depth--;
    else if (depth === 0 && isOperation(token) && (i === 0 || tokens[i - 1] === '}'))
      names.push(nameOf(token, tokens[i + 1]));
  }
  return names;
}

function isOperation(token: string): boolean {
  return ['query', 'mutation', 'subscription'].includes(token);
}

function nameOf(operation: string, next: string | undefined): string {
  return next !== undefined && /^\w/.test(next) ? `${operation} ${next}` : operation;
}
