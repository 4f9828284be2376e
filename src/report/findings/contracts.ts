import type { Finding } from '../../analysis/finding.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { formatShare } from '../format.ts';
import { caveatWords } from './caveats.ts';
import type { Names } from './names.ts';
import type { Template } from './template.ts';

/** `Stored otherwise than sent, noticed by nobody: field renamed: Message queue 66.2 %; field required: gRPC 100 %.` */
export const contractSilent = contractTemplate('Stored otherwise than sent, noticed by nobody');

export const contractLost = contractTemplate('Accepted and never done', (finding) => {
  const apart = figureIn(finding, 'dead-lettered')?.value ?? 0;
  return apart > 0 ? 'dead-lettered' : 'skipped';
});

export const contractNoticed = contractTemplate('Noticed by the caller', (finding) => {
  const late = figureIn(finding, 'stored-otherwise')?.value ?? 0;
  return late > 0 ? `${formatShare(late)} once stored otherwise than sent` : undefined;
});

export const contractHeld = contractTemplate('Old callers go on', undefined, () => '');

type Aside = (finding: Finding) => string | undefined;

function contractTemplate(start: string, aside: Aside = () => undefined, share = shareText): Template {
  return (found, names) => {
    if (found.length === 0) return undefined;
    const byVariant = Map.groupBy(found, variantOf);
    const each = [...byVariant].map(([id, all]) => {
      const lines = all.map((finding) => lineText(finding, names, { aside, share }));
      return [...(id === undefined ? [] : [names.title('variant', id)]), lines.join(', ')].join(': ');
    });
    return `${start}: ${each.join('; ')}.`;
  };
}

interface Words {
  readonly aside: Aside;
  readonly share: (finding: Finding) => string;
}

/** `Message queue 100 % (dead-lettered)`. */
function lineText(finding: Finding, names: Names, { aside, share }: Words): string {
  const pattern = finding.subject.find(({ kind }) => kind === 'pattern');
  const asides = [aside(finding), ...finding.caveats.map(({ code }) => caveatWords(code))].filter(Boolean);
  const more = asides.length > 0 ? `(${asides.join(', ')})` : '';
  return [names.title('pattern', pattern?.id ?? ''), share(finding), more].filter(Boolean).join(' ');
}

function shareText(finding: Finding): string {
  return formatShare(figureIn(finding, 'share')?.value ?? 0);
}

function variantOf({ subject }: Finding): string | undefined {
  return subject.find(({ kind }) => kind === 'variant')?.id;
}
