import { checkTargets } from '../../commands/options/check-targets.ts';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import { checkVariants, loadAsked } from '../../commands/options/patterns.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { pairedScenario } from '../../plan/paired-scenario.ts';
import type { Override } from '../../scenario/load/override.ts';
import { parseSetting } from '../../scenario/load/override.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { conductDesign, type MeasuringOptions } from '../loop/conduct-design.ts';
import { loadPaired } from '../paired/load-paired.ts';
import { type FaultChoice, type PairedFaults, pairedFaults } from '../paired/paired-faults.ts';
import { variantOverrides } from '../paired/variant-overrides.ts';
import { variedPatterns } from './points.ts';
import { type Varied, variedOf } from './varied.ts';
import { varyView } from './view.ts';

export interface VaryArguments extends MeasuringOptions, Pick<ScenarioOptions, 'set'>, FaultChoice {
  /** `path=100..5000`. */
  readonly vary: string;
  readonly variant?: string;
  readonly steps?: number;
  readonly rounds: number;
}

/** `sweep --vary`: every value of a setting, round by round. */
export async function vary(context: Context, name: string, asked: VaryArguments): Promise<void> {
  const { set = [], patterns, target: targets = {} } = asked;
  const varied = variedOf(asked.vary, asked.steps);
  const base = await loadAsked(name, set, { '--patterns': patterns });
  const faults = pairedFaults(base, asked);
  const scenarios = await scenariosOf(base, { name, asked, varied, faults });
  await checkTargets(scenarios[0]!, patterns, targets);
  const design = {
    ...varied,
    values: [...varied.values],
    variant: asked.variant ?? null,
    kind: faults.kind,
    rounds: asked.rounds,
  };
  const record = await conductDesign(context, asked, {
    name: `sweep-${base.name}`,
    options: { vary: asked.vary, variant: asked.variant, case: asked.case },
    design: async (conditions) =>
      (await import('./design.ts')).varyDesign({ ...conditions, scenarios, patterns, targets, design }),
    show: (known, file, print) => print(varyView(known, file)),
  });
  if (!record) return;
  const isKnown = variedPatterns(record).some(({ best }) => best !== null);
  process.exitCode = record.state !== 'complete' ? EXIT.incomplete : isKnown ? EXIT.done : EXIT.inconclusive;
}

interface Asked {
  readonly name: string;
  readonly asked: VaryArguments;
  readonly varied: Varied;
  readonly faults: PairedFaults;
}

/** The scenario under each value. @throws CommbenchError bad-scenario, bad-option */
async function scenariosOf(base: Scenario, { name, asked, varied, faults }: Asked): Promise<Scenario[]> {
  const ofVariant = variantOf(base, asked.variant);
  const scenarios: Scenario[] = [];
  for (const value of varied.values) {
    const own = settingAt(varied.path, value);
    const overrides = [...(asked.set ?? []), ...ofVariant, own];
    const scenario = await loadPaired(own.origin, { name, faults }, overrides);
    scenarios.push(pairedScenario(scenario, asked.rounds, faults.kind));
  }
  return scenarios;
}

/** Settings of a policy mean nothing where the scenario itself has none: the variant is asked for. */
function variantOf(base: Scenario, variant: string | undefined): Override[] {
  const ids = base.variants.map(({ id }) => id);
  if (variant !== undefined) {
    checkVariants(base, [variant], '--variant');
    return variantOverrides(base, variant, `--variant ${variant}`);
  }
  if (ids.length === 0) return [];
  throw new CommbenchError('bad-option', `${base.name} has variants: ${ids.join(', ')}`, {
    hint: `Choose the one to measure with --variant ${ids[0]!}.`,
  });
}

function settingAt(path: string, value: number): Override {
  return { ...parseSetting(`${path}=${value}`)!, origin: `--vary ${path}=${value}` };
}
