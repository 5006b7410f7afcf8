import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';

const systemChromium = '/usr/bin/chromium';
const launchMs = 30_000;

/** What to do where no browser starts. */
export const installHint = 'no Chromium could be started; install one with: apt-get install -y chromium';

/** A browser that was started, or why none was. */
export type Started = { readonly ok: true; readonly browser: Browser } | { readonly ok: false; readonly why: string };

/** LOCKPROOF_CHROMIUM first, then the system's Chromium, then the one of an npm package, which unpacks itself. */
async function executable(): Promise<string> {
  const wanted = process.env['LOCKPROOF_CHROMIUM'];
  if (wanted) return wanted;
  if (existsSync(systemChromium)) return systemChromium;
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}

/** On a machine without a good sans-serif font, the one that came with the npm package; else nothing. */
function fontSettings(): { readonly folder: string; readonly env: Record<string, string> } | null {
  const packed = join(tmpdir(), 'fonts', 'fonts');
  if (!existsSync(packed)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-fonts-'));
  const file = join(folder, 'fonts.conf');
  const alias = (family: string): string =>
    `<alias><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`;
  const dirs = ['/usr/share/fonts', '/usr/local/share/fonts', packed].map((dir) => `<dir>${dir}</dir>`).join('');
  const aliases = ['system-ui', 'sans-serif'].map(alias).join('');
  const cache = `<cachedir>${join(folder, 'cache')}</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?><fontconfig>${dirs}${aliases}${cache}</fontconfig>`);
  return { folder, env: { FONTCONFIG_FILE: file } };
}

/** Starts a headless browser that makes no request of its own. */
export async function startBrowser(): Promise<Started> {
  try {
    const executablePath = await executable();
    const fonts = fontSettings();
    const env = { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...fonts?.env };
    const args = [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-pings',
      '--font-render-hinting=none',
    ];
    const browser = await chromium.launch({ executablePath, args, env, timeout: launchMs });
    if (fonts) browser.on('disconnected', () => rmSync(fonts.folder, { recursive: true, force: true }));
    return { ok: true, browser };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { ok: false, why: `${installHint} (${reason})` };
  }
}
