import type { Finding } from '../../analysis/finding.ts';
import { levelTerm } from '../../analysis/findings/alternatives.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { formatRatio } from '../format.ts';
import type { Names } from './names.ts';
import type { Template } from './template.ts';

/** `By library: the latency word holds for gRPC high; depends on it for GraphQL medium, Yoga high; inconclusive for REST.` */
export const libraryDependence = dependenceTemplate('By library');
/** The same for tuned settings. */
export const settingsDependence = dependenceTemplate('By settings');

function dependenceTemplate(start: string): Template {
  return (found, names) => {
    if (found.length === 0) return undefined;
    const parts = PARTS.flatMap(({ verdict, what, text }) => {
      const own = found.filter((finding) => finding.verdict === verdict);
      return own.length === 0 ? [] : [`${what} ${own.map((one) => text(one, names)).join('; ')}`];
    });
    return `${start}: the latency word ${parts.join('; it ')}.`;
  };
}

interface Part {
  readonly verdict: string;
  readonly what: string;
  readonly text: (finding: Finding, names: Names) => string;
}

const PARTS: readonly Part[] = [
  { verdict: 'holds', what: 'holds for', text: heldText },
  { verdict: 'depends', what: 'depends on it for', text: formsText },
  { verdict: 'inconclusive', what: 'is inconclusive for', text: titleOf },
];

/** `gRPC high (guides: low; medium beside REST, fetch)`. */
function heldText(finding: Finding, names: Names): string {
  const { claimed } = finding.terms ?? {};
  const level = levelOf(finding, finding.subject[0]!.id);
  const asides = [
    ...(claimed === undefined || claimed === level ? [] : [`guides: ${claimed}`]),
    ...finding.caveats.map(({ code, of }) => {
      return `${code.replace('other-reference-', '').replaceAll('-', ' ')} beside ${names.title('pattern', of ?? '')}`;
    }),
  ];
  return `${titleOf(finding, names)} ${level}${asides.length > 0 ? ` (${asides.join('; ')})` : ''}`;
}

/** `GraphQL medium 1.32×, GraphQL, Yoga high 2.01×`. */
function formsText(finding: Finding, names: Names): string {
  return finding.subject
    .map(({ id }) => {
      const ratio = figureIn(finding, 'completion-ratio', id);
      return `${names.title('pattern', id)} ${levelOf(finding, id)}${ratio ? ` ${formatRatio(ratio.value)}` : ''}`;
    })
    .join(', ');
}

function levelOf({ terms }: Finding, id: string): string {
  return terms?.[levelTerm(id)] ?? 'unknown';
}

function titleOf({ subject }: Finding, names: Names): string {
  return names.title('pattern', subject[0]!.id);
}
