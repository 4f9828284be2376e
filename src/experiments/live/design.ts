import { uniqueBrokers } from '../../kernel/catalogue.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { type LoadShape, MAX_ARRIVALS, MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import { resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { specOf } from '../../plan/trial-plan.ts';
import type { RunDesign } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { stacksOf } from '../../scenario/schema/topology-schema.ts';
import type { Progress } from '../../trial/progress.ts';
import { MOST_FACTOR } from '../../trial/session/refusals.ts';
import { openSession, type LiveSession } from '../../trial/session/session.ts';
import { loadCatalogue } from '../../transports/discover.ts';
import { noBroker } from '../loop/missing-brokers.ts';
import { type Design, type DesignStage, single, type Steps } from '../loop/design.ts';
import { recordedScenario } from './recorded.ts';

export interface LivePlan {
  /** Of `liveScenario`: its length is the bound of the session. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly generators: number;
  /** Called before the trial; disposed after it. */
  readonly attend: (session: LiveSession, progress: Progress) => Promise<AsyncDisposable>;
}

/** The one trial of a session. */
export async function liveDesign(plan: LivePlan): Promise<Design<RunDesign, object>> {
  const { scenario, seed } = plan;
  const patterns = await resolvePatterns(scenario, { patterns: undefined }, await loadCatalogue());
  const [pattern] = patterns as [ResolvedPattern];
  const spec = liveSpec(plan, pattern);
  const { id, round, kind } = spec;
  return {
    experiment: 'live',
    scenario,
    patterns,
    needed: uniqueBrokers(brokersOf(pattern, spec.system.topology)),
    design: {
      order: [{ id, round, pattern: pattern.id, variant: null, kind, case: null }],
      calibration: null,
    },
    estimate: `At most ${scenario.durationMs / 1000} s of load, after the warm-up (seed ${seed})`,
    seconds: scenario.durationMs / 1000,
    checkMissing(missing) {
      const [first] = missing.values();
      if (first) throw noBroker(first);
    },
    steps: (stage) => stepsOf(plan, spec, stage),
  };
}

async function* stepsOf(
  { scenario, generators, attend }: LivePlan,
  spec: TrialSpec,
  { record, testbed }: DesignStage<RunDesign, object>,
): Steps<object> {
  const session = openSession(spec, generators);
  await using _attended = await attend(session, testbed.progress);
  const [trial] = yield single({
    spec: session.spec,
    place: {},
    label: { name: `${spec.system.pattern.title}, live` },
    session,
  });
  if (trial?.state !== 'done') return;
  const { faults, load, kind } = session.played();
  record.scenario = recordedScenario(scenario, { faults, durationMs: load.durationMs });
  record.design = { ...record.design, order: record.design.order.map((entry) => ({ ...entry, kind })) };
}

/** @throws CommbenchError bad-option: what a session cannot be of */
function liveSpec({ scenario, seed }: LivePlan, pattern: ResolvedPattern): TrialSpec {
  const entry = { id: 1, round: 1, pattern: pattern.id, variant: null, kind: 'fault', case: null };
  const spec = specOf(entry, { scenario, seed, pattern });
  const { shape, durationMs } = spec.load;
  if (pattern.target) throw unfit('live breaks services of its own: the pattern has a target of yours');
  if (spec.measure.streams) throw unfit('live takes no streams: choose another pattern with --pattern');
  const perS = mostPerS(shape);
  if (perS === undefined) throw unfit(`live needs a steady load, constant or poisson: found ${shape.shape}`);
  const { topology } = spec.system;
  return {
    ...spec,
    system: {
      ...spec.system,
      ...(topology ? { topology: { ...topology, stacks: stacksOf(scenario) } } : {}),
    },
    load: {
      ...spec.load,
      mostArrivals: Math.min(MAX_ARRIVALS, Math.ceil((perS * durationMs) / 1000) + 1000),
    },
  };
}

/** The most that it may be multiplied to. */
function mostPerS(shape: LoadShape): number | undefined {
  if (shape.shape === 'constant') return Math.min(MAX_RATE_PER_S, shape.ratePerS * MOST_FACTOR);
  return shape.shape === 'poisson' ? shape.ratePerS * 2 : undefined;
}

function unfit(message: string): CommbenchError {
  return new CommbenchError('bad-option', message);
}
