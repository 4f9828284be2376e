export interface SidebarGroup {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** Where pages stand; a page that is in no other group is in the last one. */
const GROUPS: readonly (readonly [title: string, pages: RegExp])[] = [
  ['Start', /^index\.md$/],
  [
    'Use',
    /^(?:commands|reading-results|page|live|scenarios|fault-scenarios|targets|ci|comparing|searching|policies|claims|brokers|other-tools)\.md$/,
  ],
  ['Scenarios, and what they found', /^scenarios\//],
  ['How it measures', /^(?:DESIGN|METHODOLOGY|GLOSSARY|complexity|outcomes|mutants)\.md$/],
  ['Evidence', /^evidence\//],
  ['Decisions', /^decisions\//],
  ['Develop', /^/],
];

/** @param pages Markdown by path in the site; each is listed under its first heading */
export function sidebarOf(pages: ReadonlyMap<string, string>): SidebarGroup[] {
  const groupOf = (place: string) => GROUPS.findIndex(([, own]) => own.test(place));
  return GROUPS.map(([text], group) => ({
    text,
    collapsed: group > 1,
    items: [...pages]
      .filter(([place]) => groupOf(place) === group)
      .map(([place, page]) => ({
        text: titleOf(page, place),
        link: `/${place.replace(/(?:index)?\.md$/, '')}`,
      }))
      .toSorted((a, b) => a.text.localeCompare(b.text)),
  })).filter(({ items }) => items.length > 0);
}

function titleOf(page: string, place: string): string {
  return /^#+ (.+)$/m.exec(page)?.[1]?.replaceAll('`', '') ?? place;
}
