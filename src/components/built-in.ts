import type {
  Component,
  ComponentPlan,
  ComponentRoute,
  StartContext,
  StartedComponent,
} from '../kernel/component.ts';

const PLAN: ComponentPlan = {
  state: 'available',
  source: 'built-in',
  version: 'of commbench',
  detail: 'part of commbench',
};

/** A component of a trial whose program is commbench's own, so that `find` always succeeds. */
export function builtIn<Started extends StartedComponent>(
  { name, kind }: Pick<Component, 'name' | 'kind'>,
  start: (context: StartContext, routes: readonly ComponentRoute[]) => Promise<Started>,
): Component<Started> {
  return {
    name,
    kind,
    life: 'trial',
    find: async () => PLAN,
    start: (_plan, context, routes = []) => start(context, routes),
  };
}
