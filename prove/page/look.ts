import { readFileSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** What was seen of one page under one condition; null where the condition says nothing of it. */
export interface Seen {
  readonly condition: string;
  /** Empty: all is as it should be. */
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

interface Condition {
  readonly name: string;
  readonly options: BrowserContextOptions;
  /** Policy of the server in front of the page's own. */
  readonly policy?: string;
  readonly look: (page: Page) => Promise<Pick<Seen, 'problems' | 'figures'>>;
}

const DESK = { viewport: { width: 1280, height: 800 } } as const;
/** Jenkins' own for what builds leave behind: no script and no style in the page. */
const STRICT = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'";

const CONDITIONS: readonly Condition[] = [
  { name: 'light', options: DESK, look: async (page) => both(await firstScreen(page), await barriers(page)) },
  {
    name: 'dark',
    options: { ...DESK, colorScheme: 'dark' },
    look: async (page) => both(await isDark(page), await barriers(page)),
  },
  {
    name: '360 px',
    options: { viewport: { width: 360, height: 740 } },
    look: async (page) => both(await noSideways(page, 360), await barriers(page)),
  },
  { name: 'scripts off', options: { ...DESK, javaScriptEnabled: false }, look: drawings },
  { name: 'strict policy', options: DESK, policy: STRICT, look: drawings },
  { name: 'keyboard', options: DESK, look: byKeyboard },
  { name: 'pointer', options: DESK, look: byPointer },
  { name: 'print', options: { viewport: { width: 1030, height: 700 } }, look: printed },
];

const ORIGIN = 'http://page.invalid/';

/** One page under every condition. @param shot called while it is open, with the name of the condition */
export async function lookAt(
  browser: Browser,
  html: string,
  shot: (condition: string, page: Page) => Promise<void>,
): Promise<Seen[]> {
  const all: Seen[] = [];
  for (const condition of CONDITIONS) all.push(await lookUnder(browser, html, condition, shot));
  return all;
}

async function lookUnder(
  browser: Browser,
  html: string,
  { name, options, policy, look }: Condition,
  shot: (condition: string, page: Page) => Promise<void>,
): Promise<Seen> {
  const context = await browser.newContext(options);
  const asked: string[] = [];
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await context.route('**/*', async (route) => {
    const url = route.request().url();
    if (url !== ORIGIN) asked.push(url);
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      ...(policy === undefined ? {} : { 'content-security-policy': policy }),
    };
    await route.fulfill({ status: 200, headers, body: url === ORIGIN ? html : '' });
  });
  await page.goto(ORIGIN);
  await shot(name, page);
  const { problems, figures } = await look(page);
  await context.close();
  const isRefusing = policy !== undefined;
  return {
    condition: name,
    problems: [
      ...problems,
      ...asked.map((url) => `asks for ${url}`),
      ...(isRefusing ? [] : complaints.map((text) => `complains: ${text}`)),
    ],
    figures,
  };
}

type Looked = Pick<Seen, 'problems' | 'figures'>;

function both(a: Looked, b: Looked): Looked {
  return { problems: [...a.problems, ...b.problems], figures: { ...a.figures, ...b.figures } };
}

/** Everything that decides is seen without scrolling. */
async function firstScreen(page: Page): Promise<Looked> {
  const parts = { finding: '.finding', table: '.first table', charts: '.first figure', repeat: '.repeat' };
  const figures: Record<string, number> = {};
  for (const [name, selector] of Object.entries(parts)) {
    const boxes = await Promise.all((await page.locator(selector).all()).map((one) => one.boundingBox()));
    figures[`${name} ends at`] = Math.round(
      Math.max(0, ...boxes.map((box) => (box ? box.y + box.height : 0))),
    );
  }
  const late = Object.entries(figures).filter(([, end]) => end > DESK.viewport.height);
  return { problems: late.map(([name, end]) => `${name} ${end} px, below the first screen`), figures };
}

async function isDark(page: Page): Promise<Looked> {
  const color = await page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = (String(color).match(/\d+/g) ?? []).map(Number);
  return { problems: light.every((part) => part < 60) ? [] : [`background ${String(color)}`], figures: {} };
}

async function noSideways(page: Page, width: number): Promise<Looked> {
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
  return { problems: wide > width ? [`scrolls sideways: ${wide} px`] : [], figures: { 'as wide as': wide } };
}

/** By axe's rules, colours and layout included. */
async function barriers(page: Page): Promise<Looked> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate<axe.AxeResults>('axe.run(document)');
  return {
    problems: violations.map(
      ({ id, nodes }) => `axe: ${id} (${nodes.length}), the first: ${nodes[0]!.html.slice(0, 160)}`,
    ),
    figures: { 'axe rules passed': passes.length },
  };
}

/** Charts are drawn, and tables are there, whatever else is not. */
async function drawings(page: Page): Promise<Looked> {
  const charts = await page.locator('figure svg').all();
  const boxes = await Promise.all(charts.map((one) => one.boundingBox()));
  const flat = boxes.filter((box) => box === null || box.height < 40).length;
  const text = await page.locator('body').innerText();
  return {
    problems: [
      ...(flat > 0 ? [`${flat} charts are not drawn`] : []),
      ...(text.includes('Run it again') || text.includes('More:') ? [] : ['its text is not there']),
    ],
    figures: { charts: charts.length },
  };
}

async function byKeyboard(page: Page): Promise<Looked> {
  const focused: string[] = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const place = String(
      await page.evaluate(
        "(() => { const e = document.activeElement; const s = getComputedStyle(e); return e.tagName + (s.outlineStyle === 'none' ? ' unseen' : ''); })()",
      ),
    );
    focused.push(place);
    if (place.startsWith('SUMMARY')) {
      await page.keyboard.press('Enter');
      break;
    }
  }
  const opened = await page.locator('details[open]').count();
  const unseen = focused.filter((one) => one.endsWith('unseen')).length;
  return {
    problems: [
      ...(opened === 0 ? ['no part could be opened'] : []),
      ...(unseen > 0 ? [`${unseen} focused places are not seen`] : []),
    ],
    figures: { 'stops until the first fold': focused.length },
  };
}

/** Toggles hide a curve, the cursor stands in every chart of its time, the record comes out whole. */
async function byPointer(page: Page): Promise<Looked> {
  const problems: string[] = [];
  const toggle = page.locator('.toggles button').first();
  if ((await toggle.count()) > 0) {
    await toggle.click();
    if ((await page.locator('svg .off').count()) === 0) problems.push('a toggle hides nothing');
  }
  const timed = page.locator('svg:has(.bars)').first();
  if ((await timed.count()) > 0) {
    await timed.hover({ position: { x: 300, y: 60 } });
    if ((await page.locator('.cursor[visibility=visible]').count()) === 0)
      problems.push('no cursor follows the pointer');
  }
  const link = page.locator('a[download]').first();
  if ((await link.count()) > 0) {
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const text = readFileSync(await download.path(), 'utf8');
    if (!text.includes('"commbench-result"')) problems.push('the record does not come out of the page');
  }
  return { problems, figures: { downloads: await link.count() } };
}

async function printed(page: Page): Promise<Looked> {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await page.emulateMedia({ media: 'print' });
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  return {
    problems: [
      ...(pages === 0 ? ['nothing is printed'] : []),
      ...(wide > 1032 ? [`${wide} px wide in print`] : []),
    ],
    figures: { 'sheets of paper': pages },
  };
}
