import { isDeepStrictEqual } from 'node:util';
import { documentOf, listMutants } from '../../../prove/mutant.ts';
import { CLAIMS } from '../../../src/commands/all-claims.ts';
import { schemaText } from '../../../src/commands/schema.ts';
import { brokerDefinitions } from '../../../src/components/broker/broker-definitions.ts';
import { composeFile } from '../../../src/components/broker/compose-run.ts';
import { users } from '../../../src/contracts/users.ts';
import { POLICIES } from '../../../src/policies/policies.ts';
import { loadCatalogue } from '../../../src/transports/discover.ts';
import { LAYERS } from '../layers.ts';
import { withClaims } from './claims-page.ts';
import { withComplexity } from './complexity-page.ts';
import { dashboardText } from './dashboard.ts';
import { withDrawing } from './layer-drawing.ts';
import { type LintConfig, withOverrides } from './layer-lint.ts';
import { manPage } from './man-page.ts';
import { withPolicies } from './policies-page.ts';
import { withVersions } from './versions-page.ts';

export interface GeneratedFile {
  /** From the root. */
  readonly path: string;
  /** @returns the file as the code has it. @param before its text, of which it keeps what was written by hand */
  readonly make: (before: string) => string | Promise<string>;
}

/** What is written by `npm run generate`; a test compares each with its file. */
export const GENERATED: readonly GeneratedFile[] = [
  { path: '.oxlintrc.json', make: lintConfig },
  { path: 'ARCHITECTURE.md', make: (page) => withDrawing(page, LAYERS) },
  { path: 'docker-compose.yml', make: composeOfAll },
  { path: 'docs/claims.md', make: (page) => withClaims(page, CLAIMS) },
  { path: 'docs/complexity.md', make: async (page) => withComplexity(page, await loadCatalogue()) },
  { path: 'docs/grafana/commbench.json', make: dashboardText },
  { path: 'docs/mutants.md', make: async () => documentOf(await listMutants()) },
  { path: 'docs/policies.md', make: (page) => withPolicies(page, POLICIES) },
  { path: 'docs/report.schema.json', make: () => schemaText('result') },
  { path: 'docs/scenario.schema.json', make: () => schemaText() },
  { path: 'man/commbench.1', make: manPage },
  { path: 'docs/scenarios.md', make: (page) => withVersions(page, users.versions ?? []) },
];

/** As it is where nothing has changed: its line breaks are the formatter's. */
function lintConfig(text: string): string {
  const before = JSON.parse(text) as LintConfig;
  const config = withOverrides(before, LAYERS);
  return isDeepStrictEqual(config, before) ? text : `${JSON.stringify(config, null, 2)}\n`;
}

async function composeOfAll(): Promise<string> {
  const brokers = await brokerDefinitions();
  return composeFile(Object.fromEntries(brokers.map(({ name, compose }) => [name, compose])));
}
