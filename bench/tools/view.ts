import { formatCount, formatCpuUs, formatMs, formatRate, formatUs, plural } from '../../src/report/format.ts';
import { setupText } from '../../src/report/setup-text.ts';
import type { Report } from '../../src/report/report.ts';
import { BARE } from '../../src/report/screen/screen.ts';
import {
  type Cell,
  EMPTY_CELL,
  type Section,
  type SectionRow,
  textCell,
  type Warning,
} from '../../src/report/view.ts';
import { dueOf, figureOf, type Middle, midpointOf, turnsOf } from './middle.ts';
import { GRPC_CONNECTIONS, type TestedTool, type BenchRecord, type Turn, type Work } from './record.ts';
import { faultsOf, LIMITS, truthMs } from './words.ts';

/** Others on the machine, in cores: above it the tail of every schedule is theirs too. */
const QUIET_CORES = 0.5;

/** Everything that is printed of load tools measured, whatever the format. */
export function benchView(record: BenchRecord, file: string | null = null): Report {
  const protocols = (['http', 'grpc'] as const).filter((one) => here(record, one).length > 0);
  const tables = [wordsSection(record), ...protocols.flatMap((protocol) => sectionsOf(record, protocol))];
  const findings = findingsOf(record);
  return {
    findings,
    found: [],
    screen: { ...BARE, run: 'Load tools on one referee', tables: tables.slice(0, 1), more: null },
    tables,
    charts: [],
    caveats: { warnings: warningsOf(record), footnotes: [] },
    meta: {
      title: 'Load tools on one referee',
      about: aboutOf(record),
      file,
      explanations: [],
      howToRead: HOW_TO_READ,
      fairness: [],
      rules: thresholds(),
    },
  };
}

function findingsOf(record: BenchRecord): string[] {
  const tested = record.tools.filter(({ name }) => record.turns.some(({ tool }) => tool === name));
  const good = tested.filter(({ name }) => faultsOf(record, name).length === 0).map(({ name }) => name);
  const early = record.state === 'complete' ? [] : ['Ended early: these are the results so far.'];
  if (tested.length === 0) return ['No tool was measured.', ...early];
  const others = good.length < tested.length ? '; with the others see below' : '';
  const found =
    good.length === 0
      ? `Something was found wrong with ${tested.length === 1 ? tested[0]!.name : `each of the ${tested.length} tools`}.`
      : `Nothing was found wrong with ${good.join(', ')}${others}.`;
  return [found, ...early];
}

function aboutOf(record: BenchRecord): string[] {
  const { works, tools, rounds, connections, seed, state, startedAt, environment } = record;
  const rates = new Set(
    works.filter(({ kind }) => kind === 'rate').map(({ ratePerS }) => formatRate(ratePerS)),
  );
  const there = tools
    .filter(({ isThere }) => isThere)
    .map(({ name, version }) => `${name} ${version ?? ''}`.trim());
  const missing = tools.filter(({ isThere }) => !isThere);
  return [
    `Tools: ${there.join(', ')}`,
    ...missing.map(({ name, get }) => `Not found: ${name}${get === null ? '' : ` (${get})`}`),
    `Arrivals at ${[...rates].join(', ')}, ${plural(rounds, 'round')}, tools in an order drawn anew for each work and round, seed ${seed}`,
    `Up to ${plural(connections, 'connection')} kept alive by each; a fresh referee on loopback for every turn`,
    ...otherConnections(tools),
    `State: ${state}, started ${startedAt}`,
    ...setupText(environment, []),
  ];
}

/** Whoever can't be held to it. */
function otherConnections(tools: readonly TestedTool[]): string[] {
  const there = tools.filter(({ isThere }) => isThere);
  const k6 = 'Not k6: it has a connection for each of its virtual users, up to 1,000';
  const grpc = `Over gRPC up to ${plural(GRPC_CONNECTIONS, 'connection')}, which all calls of a tool share`;
  return [
    ...(there.some(({ name }) => name === 'k6') ? [k6] : []),
    ...(there.some(({ protocol }) => protocol === 'grpc') ? [grpc] : []),
  ];
}

function wordsSection(record: BenchRecord): Section {
  const tested = record.tools.filter(({ name }) => record.turns.some(({ tool }) => tool === name));
  return {
    id: 'words',
    title: 'What is wrong with them',
    head: 'Tool',
    columns: [
      { id: 'where', title: 'Where', align: 'left', isLabel: true },
      { id: 'found', title: 'Found', align: 'left' },
    ],
    rows: tested.flatMap(({ name }) => {
      const faults = faultsOf(record, name);
      if (faults.length === 0) return [wordsRow(name, '', textCell('nothing', { tone: 'good' }))];
      return faults.map(({ work, what }) => wordsRow(name, shortName(work), textCell(what, { tone: 'bad' })));
    }),
  };
}

function wordsRow(tool: string, where: string, found: Cell): SectionRow {
  return { pattern: tool, title: tool, part: where, cells: [textCell(where), found] };
}

function shortName({ kind, ratePerS }: Work): string {
  return { rate: formatRate(ratePerS), freeze: 'freeze', hold: 'held answers', one: 'single request' }[kind];
}

function here(record: BenchRecord, protocol: Work['protocol']): TestedTool[] {
  return record.tools.filter(
    (tool) => tool.protocol === protocol && record.turns.some((turn) => turn.tool === tool.name),
  );
}

function sectionsOf(record: BenchRecord, protocol: Work['protocol']): Section[] {
  const works = record.works.filter((work) => work.protocol === protocol);
  const tools = here(record, protocol);
  const over = protocol === 'grpc' ? ', gRPC' : '';
  return [
    summary(record, works, tools, { id: `summary-${protocol}`, title: `Side by side, times in ms${over}` }),
    ...works.map((work) => ({
      ...detail(record, work, tools),
      id: work.id,
      title: `${titleOf(work)}${over}`,
      isDetail: true as const,
    })),
  ];
}

/** One column for each rate, then what the other works are there for. */
function summary(
  record: BenchRecord,
  works: readonly Work[],
  tools: readonly TestedTool[],
  name: Pick<Section, 'id' | 'title'>,
): Section {
  const rates = works.filter(({ kind }) => kind === 'rate');
  const freeze = works.find(({ kind }) => kind === 'freeze');
  const one = works.find(({ kind }) => kind === 'one');
  const of = (work: Work | undefined, tool: TestedTool) => (work ? turnsOf(record, work, tool.name) : []);
  const columns = [
    ...rates.map((work) => ({
      title: `Off schedule p50 / p99 at ${formatRate(work.ratePerS)}`,
      cell: (tool: TestedTool) => pairCell(of(work, tool), figureOf.error),
    })),
    {
      title: `CPU µs a request${rates.length > 1 ? ' by rate' : ''}`,
      cell: (tool: TestedTool) =>
        listCell(
          rates.map((work) => midpointOf(of(work, tool), figureOf.cpuUs)),
          cpuText,
        ),
    },
    ...(freeze
      ? [
          {
            title: `Freeze p90 / p99`,
            cell: (tool: TestedTool) => pairCell(of(freeze, tool), figureOf.says, [0.9, 0.99]),
          },
          {
            title: `Recorded of ${formatCount(dueOf(freeze))}`,
            cell: (tool: TestedTool) => figureCell(midpointOf(of(freeze, tool), figureOf.recorded), 'count'),
          },
        ]
      : []),
    ...(one
      ? [
          {
            title: 'Single request, whole run',
            cell: (tool: TestedTool) => msCell(midpointOf(of(one, tool), figureOf.wallMs)),
          },
        ]
      : []),
  ];
  return {
    ...name,
    head: 'Tool',
    columns: columns.map(({ title }, i) => ({ id: `summary-${i}`, title, align: 'right' })),
    rows: [
      ...tools.map((tool) =>
        rowOf(
          tool.name,
          columns.map(({ cell }) => cell(tool)),
        ),
      ),
      ...(freeze ? truthRow(record, freeze, columns.length, rates.length + 1) : []),
    ],
    isCompared: true,
  };
}

/** What the freeze made callers wait, as it really was: the median over all turns. */
function truthRow(record: BenchRecord, freeze: Work, columns: number, at: number): SectionRow[] {
  const turns = record.turns.filter(({ work }) => work === freeze.id);
  const [p90, p99] = [0.9, 0.99].map((quantile) => truthMs(freeze, turns, quantile));
  if (p90 === undefined || p99 === undefined) return [];
  const cells = Array.from({ length: columns }, () => textCell(''));
  cells[at] = textCell(`${msText(p90)} / ${msText(p99)}`);
  cells[at + 1] = textCell(formatCount(dueOf(freeze)));
  return [{ pattern: null, title: 'truth', part: null, cells }];
}

type Unit = 'count' | 'cpu-us' | 'ms';
type DetailColumn = readonly [
  id: string,
  title: string,
  unit: Unit,
  figure: (turn: Turn) => number | null | undefined,
];

const DETAILS: readonly DetailColumn[] = [
  ['arrived', 'Arrived', 'count', figureOf.seen],
  ['recorded', 'Recorded', 'count', figureOf.recorded],
  ['error-p50', 'Off schedule p50', 'ms', figureOf.error(0.5)],
  ['error-p99', 'Off schedule p99', 'ms', figureOf.error(0.99)],
  ['lag-p50', 'Says it is late p50', 'ms', figureOf.lag(0.5)],
  ['lag-p99', 'Says it is late p99', 'ms', figureOf.lag(0.99)],
  ['says-p50', 'Says p50', 'ms', figureOf.says(0.5)],
  ['says-p90', 'Says p90', 'ms', figureOf.says(0.9)],
  ['says-p99', 'Says p99', 'ms', figureOf.says(0.99)],
  ['says-p999', 'Says p99.9', 'ms', figureOf.says(0.999)],
  ['cpu', 'CPU a request', 'cpu-us', figureOf.cpuUs],
  ['wall', 'Whole run', 'ms', figureOf.wallMs],
];

/** Every figure of a work, with its range over the rounds. */
function detail(record: BenchRecord, work: Work, tools: readonly TestedTool[]) {
  const columns: Section['columns'] = DETAILS.map(([id, title]) => ({ id, title, align: 'right' }));
  const rows = tools.map(({ name }) => {
    const turns = turnsOf(record, work, name);
    return rowOf(
      name,
      DETAILS.map(([, , unit, figure]) => figureCell(midpointOf(turns, figure), unit)),
    );
  });
  return { head: 'Tool', columns, rows };
}

function rowOf(title: string, cells: readonly Cell[]): SectionRow {
  return { pattern: title, title, part: null, cells };
}

function pairCell(
  turns: readonly Turn[],
  figure: (quantile: number) => (turn: Turn) => number | undefined,
  quantiles: readonly number[] = [0.5, 0.99],
): Cell {
  return listCell(
    quantiles.map((quantile) => midpointOf(turns, figure(quantile))),
    msText,
  );
}

function listCell(figures: readonly (Middle | undefined)[], text: (value: number) => string): Cell {
  if (figures.every((one) => one === undefined)) return EMPTY_CELL;
  return textCell(figures.map((one) => (one ? text(one.value) : '–')).join(' / '));
}

const UNIT = {
  count: { text: formatCount, unit: 'count', factor: 1 },
  'cpu-us': { text: formatCpuUs, unit: 'cpu-us', factor: 1 },
  ms: { text: (ms: number) => formatUs(ms * 1000), unit: 'us', factor: 1000 },
} as const;

function figureCell(figure: Middle | undefined, kind: Unit): Cell {
  if (!figure) return EMPTY_CELL;
  const { text, unit, factor } = UNIT[kind];
  const { value, low, high } = figure;
  return textCell(text(value), {
    value: value * factor,
    unit,
    below: low === high ? null : `${text(low)}–${text(high)}`,
  });
}

function msCell(figure: Middle | undefined): Cell {
  return figure
    ? textCell(formatUs(figure.value * 1000), { value: figure.value * 1000, unit: 'us' })
    : EMPTY_CELL;
}

/** Without its unit, as two stand in a cell: ms. */
function msText(ms: number): string {
  if (ms >= 100) return formatCount(ms);
  return ms >= 10 ? ms.toFixed(1) : ms.toFixed(2);
}

function cpuText(us: number): string {
  return formatCount(us);
}

function titleOf({ kind, ratePerS, seconds, freezeMs, processingMs }: Work): string {
  switch (kind) {
    case 'rate':
      return `${formatRate(ratePerS)} for ${formatMs(seconds * 1000)}`;
    case 'freeze':
      return `${formatRate(ratePerS)} for ${formatMs(seconds * 1000)}, in its midst the reference server stands still for ${formatMs(freezeMs)}`;
    case 'hold':
      return `${formatRate(ratePerS)} for ${formatMs(seconds * 1000)}, each answer held ${formatMs(processingMs)}`;
    case 'one':
      return 'A single request';
  }
}

const HOW_TO_READ = [
  'Off schedule: how far requests arrived from where a constant rate has them, seen by the referee, in ms; a constant delay on the way does not count.',
  'Freeze: what the tool says of callers that met a server standing still. Truth: what is left of the freeze when a request was due; catching up comes on top. A tool that starts no request while others are open, or counts from when it could send, hides it.',
  'CPU a request: user and system time of the whole tool, its start included, by arrivals; so it is less at higher rates.',
  'Figures are medians over rounds. On shared cores absolute figures swing: compare within this table only.',
];

function thresholds(): string[] {
  const percent = (share: number) => `${share * 100} %`;
  return [
    `counts: more than ${percent(LIMITS.countShare)} off, past one for each connection`,
    `off schedule: p50 above ${LIMITS.errorP50Ms} ms, p99 above ${LIMITS.errorP99Ms} ms; held answers: p50 more than ${LIMITS.processingMs} ms off; all of them only where it is also more than ${LIMITS.bestFactor} times the best tool's in this run`,
    `hides the freeze: p90 or p99 below ${percent(LIMITS.hiddenShare)} of the truth; exaggerates: above ${percent(LIMITS.exaggeratedShare)}`,
  ];
}

function warningsOf({ turns }: BenchRecord): Warning[] {
  const busy = turns.filter(({ othersCores }) => (othersCores ?? 0) > QUIET_CORES);
  if (busy.length === 0) return [];
  const most = Math.max(...busy.map(({ othersCores }) => othersCores!));
  return [
    {
      code: 'disturbed',
      text: `in ${busy.length} of ${plural(turns.length, 'turn')} others used more than ${QUIET_CORES} cores of this machine (up to ${most.toFixed(1)})`,
      hint: 'run it again with nothing else on the machine; --wait-quiet waits longer for that',
    },
  ];
}
