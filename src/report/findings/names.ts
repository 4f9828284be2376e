import type { Subject } from '../../analysis/finding.ts';
import type { Result } from '../../record/record.ts';

/** Titles for the ids of findings. */
export interface Names {
  readonly title: (kind: Subject['kind'], id: string) => string;
  /** Distinguishes a variant or a pattern from the others of its run; `grpc` with several patterns, else the variant. */
  readonly line: (subject: readonly Subject[]) => string;
  /** Several cases of faults were run. */
  readonly hasCases: boolean;
}

export function resultNames({ patterns, scenario, design: { order } }: Result): Names {
  const titled: Partial<Record<Subject['kind'], readonly { readonly id: string; readonly title: string }[]>> =
    {
      pattern: patterns,
      variant: scenario.variants,
      case: scenario.cases,
    };
  const title = (kind: Subject['kind'], id: string) =>
    titled[kind]?.find((one) => one.id === id)?.title ?? id;
  return {
    title,
    hasCases: scenario.cases.filter(({ id }) => order.some((entry) => entry.case === id)).length > 1,
    line(subject) {
      const variant = subject.find(({ kind }) => kind === 'variant');
      const pattern = subject.find(({ kind }) => kind === 'pattern');
      const parts = [
        ...(pattern && (patterns.length > 1 || !variant) ? [title('pattern', pattern.id)] : []),
        ...(variant ? [title('variant', variant.id)] : []),
      ];
      return parts.join(', ');
    },
  };
}
