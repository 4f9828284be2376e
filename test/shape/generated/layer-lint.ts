import type { LayerTable } from '../layers.ts';

/** Stands in the message of each rule that is made of the table. */
const MADE_BY = 'import direction, test/shape/layers.ts';

const OUTSIDE = {
  regex: '^(\\.\\./)+(test|prove|bench|bin)/',
  message: `src never imports test, prove, bench or bin (${MADE_BY}).`,
};

/** The settings of oxlint with the overrides that are made of the table in place of those that were. */
export function withOverrides<Config extends LintConfig>(config: Config, layers: LayerTable): Config {
  const others = config.overrides.filter((override) => !JSON.stringify(override).includes(MADE_BY));
  return { ...config, overrides: [...lintOverrides(layers), ...others] };
}

export interface LintConfig {
  readonly overrides: readonly object[];
}

/**
 * One override of oxlint for each top-level folder of `src`. A relative path tells no more than the folder that it
 * climbs to: layers within `commands`, and transports among each other, are left to `npm run shape`, which resolves
 * each import.
 */
function lintOverrides(layers: LayerTable): object[] {
  const top = [...new Set(Object.keys(layers).map((layer) => layer.split('/')[0]!))];
  return top.map((folder) => {
    const allowed = allowedOf(layers, folder);
    const forbidden = top
      .filter((other) => !allowed.includes(other))
      .map((other) => (other === 'cli' ? 'cli\\.ts' : `${other}/`));
    // Its imports climb to nowhere: it stands beside the folders.
    const climb = folder === 'cli' ? '\\./' : '(\\.\\./)+';
    const message = `src/${folder} imports only ${allowed.join(', ')} (${MADE_BY}).`;
    const patterns = [
      ...(forbidden.length === 0 ? [] : [{ regex: `^${climb}(${forbidden.join('|')})`, message }]),
      OUTSIDE,
    ];
    return {
      files: [folder === 'cli' ? 'src/cli.ts' : `src/${folder}/**`],
      rules: { 'no-restricted-imports': ['error', { patterns }] },
    };
  });
}

function allowedOf(table: LayerTable, folder: string): string[] {
  const layers = Object.keys(table).filter((layer) => layer === folder || layer.startsWith(`${folder}/`));
  const tops = layers.flatMap((layer) => table[layer]!).map((layer) => layer.split('/')[0]!);
  return [...new Set([folder, ...tops])];
}
