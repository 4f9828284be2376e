import type { Caveat, Finding, FoundFigure } from '../finding.ts';
import type { DifferenceKind, FormBeside, FormResult, PatternFamily } from '../patterns/alternatives.ts';
import { patternOf, quantileFigure } from './figures.ts';

const LEVEL_CONFIDENCE = 0.95;
const KINDS: readonly DifferenceKind[] = ['library', 'settings'];

/** Whether the latency word of each pattern holds with every library, and with other settings. */
export function alternativeFindings(families: readonly PatternFamily[]): Finding[] {
  return KINDS.flatMap((kind) => families.flatMap((family) => dependenceFinding(family, kind)));
}

function dependenceFinding(
  { forms, claimed, dependence, beside }: PatternFamily,
  kind: DifferenceKind,
): Finding[] {
  const verdict = dependence[kind];
  if (verdict === null) return [];
  const compared = forms.filter(({ by }) => by === null || by === kind);
  const own = compared[0]!.levels;
  const otherwise = beside.filter(({ levels }) => levels.every((level) => !own.includes(level)));
  return [
    {
      code: `${kind}-dependence`,
      subject: compared.map(({ pattern }) => patternOf(pattern)),
      figures: compared.flatMap((form) => [
        quantileFigure(form.pattern, 'completion', 0.5),
        ...ratioFigure(form),
      ]),
      verdict,
      terms: {
        ...(claimed === null ? {} : { claimed }),
        ...Object.fromEntries(
          compared.map(({ pattern, levels }) => [levelTerm(pattern.record.id), levels.join(' or ')]),
        ),
      },
      caveats: kind === 'library' ? otherwise.map(besideCaveat) : [],
    },
  ];
}

/** Name of the term with the level of a pattern. */
export function levelTerm(id: string): string {
  return `level-${id}`;
}

function ratioFigure({ pattern, interval }: FormResult): FoundFigure[] {
  return interval ? [ratioOf(pattern.record.id, interval)] : [];
}

function ratioOf(of: string, { ratio, low, high }: NonNullable<FormResult['interval']>): FoundFigure {
  const interval = { low, high, level: LEVEL_CONFIDENCE };
  return { name: 'completion-ratio', of, value: ratio, unit: 'ratio', interval };
}

/** Beside another form of the reference it has another level. */
function besideCaveat({ reference, levels, interval }: FormBeside): Caveat {
  const { id } = reference.record;
  return {
    code: `other-reference-${levels.join('-or-')}`,
    of: id,
    ...(interval ? { figures: [ratioOf(id, interval)] } : {}),
  };
}
