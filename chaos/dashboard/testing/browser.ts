import { existsSync } from 'node:fs'

import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const places = [
  process.env['CHROME_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The program of the installed Chromium or Chrome. Without one, the tests that need it are skipped. */
const browserPath = places.find((place) => place !== '' && existsSync(place))

/** With REQUIRE_BROWSER set, a missing browser is an error instead of a reason to skip. */
export const skipWithoutBrowser =
  browserPath === undefined && process.env['REQUIRE_BROWSER'] === undefined

export async function launchBrowser(): Promise<Browser> {
  if (browserPath === undefined)
    throw new Error(
      'No Chromium or Chrome was found. Install one, or set CHROME_PATH to its program.',
    )
  return await chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
