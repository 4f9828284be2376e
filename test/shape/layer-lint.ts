import { LAYERS } from './layers.ts';

/** Stands in the message of each rule that is made of the table. */
export const MADE_BY = 'import direction, test/shape/layers.ts';

const TOP = [...new Set(Object.keys(LAYERS).map((layer) => layer.split('/')[0]!))];
const OUTSIDE = {
  regex: '^(\\.\\./)+(test|prove|bench)/',
  message: `src never imports test, prove or bench (${MADE_BY}).`,
};

/**
 * One override of oxlint for each top-level folder of `src`. A relative path tells no more than the folder that it
 * climbs to, so layers within `commands`, and transports among
 * each other, are left to `npm run shape`, which resolves each import.
 */
export function lintOverrides(): object[] {
  return TOP.map((folder) => {
    const allowed = allowedOf(folder);
    const forbidden = TOP.filter((other) => !allowed.includes(other)).map((other) =>
      other === 'cli' ? 'cli\\.ts' : `${other}/`,
    );
    const message = `src/${folder} imports only ${allowed.join(', ')} (${MADE_BY}).`;
    const patterns = [
      ...(forbidden.length === 0 ? [] : [{ regex: `^(\\.\\./)+(${forbidden.join('|')})`, message }]),
      OUTSIDE,
    ];
    return {
      files: [folder === 'cli' ? 'src/cli.ts' : `src/${folder}/**`],
      rules: { 'no-restricted-imports': ['error', { patterns }] },
    };
  });
}

function allowedOf(folder: string): string[] {
  const layers = Object.keys(LAYERS).filter((layer) => layer === folder || layer.startsWith(`${folder}/`));
  const tops = layers.flatMap((layer) => LAYERS[layer]!).map((layer) => layer.split('/')[0]!);
  return [...new Set([folder, ...tops])];
}
