import type { Harm } from '../../../measure/health.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import type { FaultLine } from '../fault-line.ts';
import { faultSection, type Part } from '../fault-section.ts';
import { blastOf } from '../health-seen.ts';

interface BlastPart extends Part {
  readonly dependent: Harm;
  readonly independent: Harm;
}

/** How far it spread over what arrives; only where some of it depends on nobody. */
export function blastSection(lines: readonly FaultLine[]): Section | undefined {
  const parts = lines.flatMap((line): BlastPart[] => {
    const found = blastOf(line);
    return found && found.independent.of > 0 ? [{ line, labels: [], ...found }] : [];
  });
  return faultSection(
    {
      id: 'blast',
      title: 'Endpoints harmed, against the control',
      labels: [],
      figures: [
        {
          id: 'dependent',
          title: 'That depend on it',
          align: 'left',
          cell: (part) => harmCell(part.dependent),
        },
        {
          id: 'independent',
          title: 'That do not',
          align: 'left',
          cell: (part) => harmCell(part.independent),
        },
      ],
    },
    parts,
  );
}

function harmCell({ harmed, of, names }: Harm): Cell {
  if (of === 0) return EMPTY_CELL;
  return textCell(harmText({ harmed, of }), {
    value: harmed,
    unit: 'count',
    below: harmed === 0 ? null : names.join(', '),
    tone: harmed > 0 ? 'bad' : 'good',
  });
}

/** `2 of 3`. */
export function harmText({ harmed, of }: Pick<Harm, 'harmed' | 'of'>): string {
  return `${harmed} of ${of}`;
}
