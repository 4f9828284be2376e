import type { Finding } from '../../analysis/finding.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { formatShare } from '../format.ts';
import { caveatWords } from './caveats.ts';
import type { Names } from './names.ts';
import type { Template } from './template.ts';

/** `Silently stored otherwise with field renamed: Message queue (64.5 %); field required: gRPC.` */
export const contractSilent = contractTemplate('Silently stored otherwise');

export const contractLost = contractTemplate('Accepted and not done', (finding) => {
  const apart = figureIn(finding, 'dead-lettered')?.value ?? 0;
  return apart > 0 ? 'dead-lettered' : 'skipped';
});

export const contractNoticed = contractTemplate('Noticed by the caller', (finding) => {
  const late = figureIn(finding, 'stored-otherwise')?.value ?? 0;
  return late > 0 ? `${formatShare(late)} stored otherwise before` : undefined;
});

export const contractHeld = contractTemplate('Old callers go on');

type Aside = (finding: Finding) => string | undefined;

function contractTemplate(start: string, aside: Aside = () => undefined): Template {
  return (found, names) => {
    if (found.length === 0) return undefined;
    const byVariant = Map.groupBy(found, variantOf);
    const each = [...byVariant].map(([id, all]) => {
      const lines = all.map((finding) => lineText(finding, names, aside)).join(', ');
      return id === undefined ? lines : `${names.title('variant', id)}: ${lines}`;
    });
    return `${start}${byVariant.has(undefined) ? ': ' : ' with '}${each.join('; ')}.`;
  };
}

/** `Message queue (64.5 %)`: the share is stated where it is not all calls. */
function lineText(finding: Finding, names: Names, aside: Aside): string {
  const pattern = finding.subject.find(({ kind }) => kind === 'pattern');
  const share = figureIn(finding, 'share')?.value ?? 0;
  const asides = [
    share < 1 ? formatShare(share) : undefined,
    aside(finding),
    ...finding.caveats.map(({ code }) => caveatWords(code)),
  ].filter(Boolean);
  const more = asides.length > 0 ? ` (${asides.join(', ')})` : '';
  return names.title('pattern', pattern?.id ?? '') + more;
}

function variantOf({ subject }: Finding): string | undefined {
  return subject.find(({ kind }) => kind === 'variant')?.id;
}
