import { mkdirSync, writeFileSync } from 'node:fs';
import { renderHtml } from '../reports/html.ts';
import { sampleResults } from '../reports/sample.ts';
import { startBrowser } from './browser.ts';

/** Draws the pictures of a report for the README from the sample: `node scripts/picture.ts [folder] [dark]`. */
const [folder = 'docs', scheme] = process.argv.slice(2);
const maxBytes = 300_000;
const width = 1280;
const marginPx = 40;

function keep(name: string, picture: Uint8Array): void {
  if (picture.length > maxBytes) throw new Error(`${name} has ${picture.length} bytes, more than ${maxBytes}`);
  writeFileSync(`${folder}/${name}`, picture);
  console.log(`${folder}/${name}: ${picture.length} bytes`);
}

const started = await startBrowser();
if (!started.ok) throw new Error(started.why);
try {
  const page = await started.browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: scheme === 'dark' ? 'dark' : 'light',
  });
  await page.setContent(renderHtml(sampleResults()));
  mkdirSync(folder, { recursive: true });
  const top = await page.locator('.uncovered').boundingBox();
  const failure = await page.locator('.failure').first().boundingBox();
  if (!top || !failure) throw new Error('the page lacks its sections');
  const clips = {
    'report.png': [0, top.y + top.height],
    'report-failure.png': [failure.y - marginPx, failure.y + failure.height],
  } as const;
  for (const [name, [fromY, toY]] of Object.entries(clips)) {
    const clip = { x: 0, y: fromY, width, height: toY + marginPx - fromY };
    keep(name, await page.screenshot({ fullPage: true, clip }));
  }
} finally {
  await started.browser.close();
}
