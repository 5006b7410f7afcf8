import { mkdirSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Started, startBrowser } from '../scripts/browser.ts';
import { renderHtml } from './html.ts';
import { hostileResults, sampleResults } from './sample.ts';

const address = 'https://report.invalid/';
const pictures = 'runs/pictures';
const startMs = 60_000;
const page = renderHtml(sampleResults());
const failures = ['REV-001', 'STATE-001', 'IDEM-001'];

let started: Started;
beforeAll(async () => {
  started = await startBrowser();
}, startMs);
afterAll(async () => {
  if (started.ok) await started.browser.close();
});

interface Opened {
  readonly view: Page;
  /** Addresses that the page asked for, itself included. */
  readonly asked: string[];
  /** What the console, a dialog or an exception said. */
  readonly said: string[];
}

type Skip = (why: string) => never;

/** The report in a fresh context: every request is recorded, and none but the first is answered. */
async function open(skip: Skip, html: string, options: BrowserContextOptions): Promise<Opened> {
  if (!started.ok) return skip(started.why);
  const context = await started.browser.newContext(options);
  const view = await context.newPage();
  const asked: string[] = [];
  const said: string[] = [];
  view.on('console', (message) => void said.push(`${message.type()}: ${message.text()}`));
  view.on('pageerror', (error) => void said.push(error.message));
  view.on('dialog', (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await context.route('**/*', (route) => {
    asked.push(route.request().url());
    const isPage = route.request().url() === address;
    return isPage ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }) : route.abort();
  });
  await view.goto(address);
  return { view, asked, said };
}

const widths = [1280, 820] as const;
const schemes = ['light', 'dark'] as const;

/** Least contrast of text against the paper and the other grounds of the page, by WCAG 2.2, with its place. */
const leastContrast = (view: Page): Promise<readonly [number, string]> =>
  view.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const light = (colour: string): number => {
      if (!canvas) throw new Error('no canvas');
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
        const share = part / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element: Element | null): string => {
      if (!element) return 'white';
      const { backgroundColor } = getComputedStyle(element);
      return backgroundColor === 'rgba(0, 0, 0, 0)' ? ground(element.parentElement) : backgroundColor;
    };
    let least: [number, string] = [21, ''];
    for (const element of document.querySelectorAll('main *, .mast *')) {
      if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())) continue;
      const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < least[0]) least = [contrast, `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`];
    }
    return least;
  });

describe('the report in a browser', () => {
  test.for(schemes.flatMap((colorScheme) => widths.map((width) => [width, colorScheme] as const)))(
    'at %d px, %s: asks for itself alone, fits, and says nothing on the console',
    async ([width, colorScheme], { skip }) => {
      const { view, asked, said } = await open(skip, page, { viewport: { width, height: 900 }, colorScheme });
      expect(await view.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const small = await view.evaluate(() =>
        [...document.querySelectorAll('a, button, summary, input')]
          .map((element) => [element.getBoundingClientRect().height, element.textContent] as const)
          .filter(([height]) => height > 0 && height < 44),
      );
      expect(small).toEqual([]);
      expect(await leastContrast(view)).toSatisfy(([contrast]: readonly [number, string]) => contrast >= 4.5);
      mkdirSync(pictures, { recursive: true });
      await view.screenshot({ path: `${pictures}/report-${width}-${colorScheme}.png`, fullPage: true });
      expect([asked, said]).toEqual([[address], []]);
    },
  );

  test('with scripts off all failures can be read, and nothing waits for a script', async ({ skip }) => {
    const { view, asked } = await open(skip, page, { javaScriptEnabled: false });
    for (const id of failures) {
      expect(await view.locator(`#f-${id} .broken`).isVisible()).toBe(true);
      expect(await view.locator(`#f-${id} code`).innerText()).toContain(
        `lockproof replay runs/2026-03-02-northgate/${id}.trace.json`,
      );
    }
    expect(await view.locator('table.list tr[data-status]:visible').count()).toBe(38);
    expect(await view.locator('button, #filter input').count()).toBe(0);
    expect(asked).toEqual([address]);
  });

  test('the script filters by verdict and text', async ({ skip }) => {
    const { view, said } = await open(skip, page, {});
    const rows = view.locator('table.list tr[data-status]:visible');
    await view.locator('#filter button', { hasText: 'failed' }).click();
    expect(await rows.count()).toBe(3);
    await view.locator('#search').fill('restarted');
    expect(await rows.count()).toBe(1);
    expect(await view.locator('#filter [role=status]').innerText()).toBe('1 of 38 shown');
    await view.locator('.uncovered a[href="#r-MIG-001"]').click();
    expect(await rows.count()).toBe(38);
    await view.locator('.counts a[data-show="not-applicable"]').click();
    expect(await rows.count()).toBe(4);
    expect(said).toEqual([]);
  });

  test('on paper it is light, without what only a screen can use', async ({ skip }) => {
    const { view } = await open(skip, page, { colorScheme: 'dark', viewport: { width: 794, height: 1123 } });
    const ground = (): Promise<string> => view.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await ground()).not.toBe('rgb(255, 255, 255)');
    await view.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await ground()).toBe('rgb(255, 255, 255)');
    expect(await view.locator('.mast nav').isVisible()).toBe(false);
    expect(await view.locator('#filter').isVisible()).toBe(false);
    expect(await view.locator('#f-REV-001 .tale').isVisible()).toBe(true);
    mkdirSync(pictures, { recursive: true });
    await view.screenshot({ path: `${pictures}/report-print.png`, fullPage: true });
  });

  test('hostile text runs nothing and asks for nothing', async ({ skip }) => {
    const { view, asked, said } = await open(skip, renderHtml(hostileResults()), { viewport: { width: 820, height: 900 } });
    await view.locator('#filter button').first().click();
    expect(await view.evaluate(() => document.documentElement.scrollWidth)).toBe(820);
    expect(await view.locator('script').count()).toBe(1);
    expect([asked, said]).toEqual([[address], []]);
  });
});
