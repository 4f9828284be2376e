import type { Catalogue } from '../../../src/kernel/catalogue.ts';
import { complexityPoints } from '../../../src/kernel/complexity.ts';
import type { TransportDefinition } from '../../../src/kernel/transport.ts';

/** docs/complexity.md with what every transport lists of each of its interactions; one that is new stands last. */
export function withComplexity(page: string, { transports }: Catalogue): string {
  return [...transports.values()]
    .flatMap((transport) => transport.interactions.map((interaction) => ({ transport, interaction })))
    .reduce((text, { transport, interaction }) => withParagraph(text, transport, interaction), page);
}

function withParagraph(page: string, transport: TransportDefinition, interaction: string): string {
  const { name, title } = transport;
  const key = `(\`${name}\`, ${interaction}; `;
  const list = listOf(transport, interaction);
  const at = page.indexOf(`** ${key}`);
  if (at < 0) return `${page}\n**${title}, ${interaction}** ${key}${list}\n`;
  const from = at + '** '.length;
  const to = page.indexOf('\n\n', from);
  return `${page.slice(0, from)}${key}${list}${to < 0 ? '\n' : page.slice(to)}`;
}

/** With the settings that are the default. */
function listOf({ statements, options }: TransportDefinition, interaction: string): string {
  const items = statements.complexity(options.parse({}), interaction);
  return `${complexityPoints(items)}): ${items.map(({ category, what }) => `${category}: ${what}`).join(' · ')}`;
}
