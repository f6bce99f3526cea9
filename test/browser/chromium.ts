import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Without a sandbox, which root does not have, and without what looks up hosts in the background. */
const OPTIONS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens Chromium: the one of CHROMIUM, the installed one, or the package of Debian, which is installed. */
export function openChromium(): Promise<Browser> {
  const places = [process.env['CHROMIUM'] ?? '', ...PLACES];
  if (!places.some((place) => existsSync(place))) {
    console.log('# installing chromium');
    execFileSync('apt-get', ['update', '--quiet'], { stdio: 'inherit' });
    execFileSync('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'chromium'], {
      stdio: 'inherit',
    });
  }
  const executablePath = places.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error('found no Chromium; set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: OPTIONS });
}
