import {
  DashboardBuilder,
  QueryVariableBuilder,
  DatasourceVariableBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** docs/grafana/commbench.json: what runs had found, run by run, of the metrics of `--format openmetrics` and `otlp`. */
const SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Of the chosen patterns; of latencies the trials without faults. */
const CHOSEN = '{pattern=~"$pattern"}';
const LATENCY = '{pattern=~"$pattern",kind=~"latency|control"}';

interface Panel {
  readonly title: string;
  readonly about: string;
  readonly unit: string;
  readonly expressions: readonly { readonly expression: string; readonly legend: string }[];
}

const quantile = (q: number, metric: string) =>
  `histogram_quantile(${q}, sum by (le, pattern, variant) (${metric}_bucket${LATENCY}))`;

const PANELS: readonly Panel[] = [
  {
    title: 'Response time, p50 and p99',
    about: 'From when a call was due until its reply, or the confirm of the broker.',
    unit: 's',
    expressions: [0.5, 0.99].map((q) => ({
      expression: quantile(q, 'commbench_response_seconds'),
      legend: `{{pattern}} {{variant}} p${q * 100}`,
    })),
  },
  {
    title: 'Completion time, p50 and p99',
    about: 'From when a call was due until its work was done.',
    unit: 's',
    expressions: [0.5, 0.99].map((q) => ({
      expression: quantile(q, 'commbench_completion_seconds'),
      legend: `{{pattern}} {{variant}} p${q * 100}`,
    })),
  },
  {
    title: 'Calls that failed',
    about: 'Share of the planned calls that did not end well.',
    unit: 'percentunit',
    expressions: [
      {
        expression: `1 - sum by (pattern) (commbench_calls_total{pattern=~"$pattern",outcome="ok"}) / sum by (pattern) (commbench_calls_total${CHOSEN})`,
        legend: '{{pattern}}',
      },
    ],
  },
  {
    title: 'Messages lost, repeated or phantom',
    about: 'Accepted and never done, done more than once, refused and yet done.',
    unit: 'short',
    expressions: [
      {
        expression:
          'sum by (pattern, fate) (commbench_messages_total{pattern=~"$pattern",fate=~"lost|phantom|duplicates"})',
        legend: '{{pattern}} {{fate}}',
      },
    ],
  },
  {
    title: 'Lateness of the load generator, p99',
    about: 'Of the generator itself: where it is large, the figures above are its own.',
    unit: 's',
    expressions: [
      { expression: quantile(0.99, 'commbench_dispatch_lag_seconds'), legend: '{{pattern}} {{variant}}' },
    ],
  },
  {
    title: 'Valid trials',
    about: 'Share of the trials whose figures may be believed.',
    unit: 'percentunit',
    expressions: [
      {
        expression: `sum by (pattern) (commbench_trials{pattern=~"$pattern",validity="valid"}) / sum by (pattern) (commbench_trials${CHOSEN})`,
        legend: '{{pattern}}',
      },
    ],
  },
];

export function dashboardText(): string {
  const dashboard = new DashboardBuilder('commbench')
    .uid('commbench')
    .tags(['commbench', 'generated'])
    .time({ from: 'now-30d', to: 'now' })
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(
      new QueryVariableBuilder('pattern')
        .label('Pattern')
        .datasource(SOURCE)
        .query({ query: 'label_values(commbench_trials, pattern)', refId: 'patterns' })
        .multi(true)
        .includeAll(true),
    )
    .withPanel(checksPanel())
    .withPanel(runsPanel());
  for (const panel of PANELS) dashboard.withPanel(timeseries(panel));
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`;
}

function timeseries({ title, about, unit, expressions }: Panel): TimeseriesBuilder {
  const panel = new TimeseriesBuilder().title(title).description(about).unit(unit).min(0).datasource(SOURCE);
  panel.height(8).span(12);
  for (const { expression, legend } of expressions)
    panel.withTarget(new DataqueryBuilder().expr(expression).legendFormat(legend));
  return panel;
}

function checksPanel(): StatBuilder {
  return new StatBuilder()
    .title('Checks that failed in the last run')
    .datasource(SOURCE)
    .height(6)
    .span(6)
    .withTarget(
      new DataqueryBuilder()
        .expr('count(last_over_time(commbench_check_passed[$__range]) == 0) or vector(0)')
        .instant(),
    );
}

function runsPanel(): TableBuilder {
  return new TableBuilder()
    .title('Runs')
    .datasource(SOURCE)
    .height(6)
    .span(18)
    .withTarget(new DataqueryBuilder().expr('last_over_time(commbench_run_info[$__range])').instant());
}
