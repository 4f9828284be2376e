import { readFileSync } from 'node:fs';
import path from 'node:path';

const FILE = path.resolve(import.meta.dirname, '../../../docs/grafana/commbench.json');

interface DashboardPanel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

/** Grafana's own variables, as Prometheus gets them: every pattern, the last 30 days. */
const VALUES = { $pattern: '.+', $__range: '30d' } as const;

/** What the dashboard asks Prometheus, by the titles of its panels. */
export function dashboardExpressions(): { readonly title: string; readonly expression: string }[] {
  const { panels } = JSON.parse(readFileSync(FILE, 'utf8')) as { panels: readonly DashboardPanel[] };
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({
      title,
      expression: Object.entries(VALUES).reduce((text, [name, value]) => text.replaceAll(name, value), expr),
    })),
  );
}
