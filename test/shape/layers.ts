/**
 * Which folder of `src` may import which: the one table from which the lint rule (.oxlintrc.json) and the
 * drawing in ARCHITECTURE.md are made, by `npm run generate`. Each imports itself, too.
 */
const BASE = ['kernel', 'platform'];
const RULES = ['contracts', 'policies', 'faults', 'measure'];
const DATA = [...BASE, ...RULES, 'plan/kinds', 'scenario', 'record'];
const PLANNED = [...DATA, 'transports', 'plan'];
const RUNNING = [...PLANNED, 'components', 'generator', 'trial'];
const OPTIONS = [...RUNNING, 'analysis', 'report'];
const EXPERIMENTS = [...OPTIONS, 'commands/options', 'commands/terminal'];

export type LayerTable = Readonly<Record<string, readonly string[]>>;

export const LAYERS: LayerTable = {
  kernel: [],
  platform: ['kernel'],
  contracts: BASE,
  policies: BASE,
  faults: BASE,
  measure: BASE,
  'plan/kinds': [...BASE, 'faults'],
  scenario: [...BASE, ...RULES, 'plan/kinds'],
  record: [...BASE, ...RULES, 'plan/kinds', 'scenario'],
  transports: [...BASE, 'contracts'],
  plan: DATA,
  components: [...BASE, ...RULES, 'scenario', 'transports', 'plan'],
  generator: [...BASE, ...RULES, 'transports', 'plan'],
  trial: [...PLANNED, 'components', 'generator'],
  analysis: ['kernel', ...RULES, 'plan/kinds', 'scenario', 'record'],
  report: ['kernel', ...RULES, 'plan/kinds', 'scenario', 'record', 'analysis'],
  'commands/options': OPTIONS,
  'commands/terminal': [...OPTIONS, 'commands/options'],
  experiments: EXPERIMENTS,
  commands: [...EXPERIMENTS, 'experiments'],
  api: [...EXPERIMENTS, 'experiments'],
  cli: ['kernel', 'commands', 'commands/terminal'],
};

/** Folders whose subfolders don't import each other, and the subfolders that all of them may import. */
export const SIBLINGS: Readonly<Record<string, readonly string[]>> = {
  transports: ['http'],
  'components/broker': [],
  experiments: ['loop', 'search', 'paired', 'vary', 'calibrate'],
};
