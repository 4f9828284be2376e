import { stringify } from 'yaml';
import type { ComposeService } from '../../kernel/broker.ts';

const HEAD = `# Made from the brokers' own definitions (src/components/broker/*/broker.ts); a test compares it with them, and
# \`npx vitest run test/components/broker/compose-file.test.ts -u\` makes it anew.
# Not tested with a running engine: none ran where it was written.
# Everything listens on loopback only, and nothing is kept once a container is gone.
`;

/** A compose file of these services, by name: for the repository's file, and for a run's own. */
export function composeFile(services: Readonly<Record<string, ComposeService>>): string {
  return HEAD + stringify({ services }, { lineWidth: 0, singleQuote: true });
}
