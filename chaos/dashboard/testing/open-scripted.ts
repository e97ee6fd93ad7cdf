import type { Browser, Page } from 'playwright-core'

import { viewSystem } from '#chaos/api/sandbox/system-view.ts'
import type { SandboxView } from '#chaos/contracts/api.ts'
import { system } from '#chaos/system.ts'

import { readDistFile } from './dist-file.ts'

const origin = 'http://dashboard.invalid'

/** An idle sandbox of the shop. */
const idleSandbox: SandboxView = {
  system: viewSystem(system),
  runtime: 'local',
  version: '0',
  node: 'v24',
  slot: 0,
  startedAt: '2030-01-01T00:00:00.000Z',
  ready: true,
  halted: false,
  urls: { dashboard: '', shop: [''], proxy: '' },
  instances: [],
  links: [],
  faults: [],
  truth: null,
  acknowledged: 0,
  traffic: null,
  run: null,
  lastSeq: 0,
}

/**
 * Opens the built dashboard in a page whose API responds with these values, by path (a string is a file): for states that take
 * a real sandbox minutes.
 * `problems` collects exceptions, and what the content security policy refused.
 */
export async function openScripted(
  browser: Browser,
  hash: string,
  responses: Readonly<Record<string, unknown>>,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ readonly page: Page; readonly problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text())
  })
  const all: Readonly<Record<string, unknown>> = { '/api/sandbox': idleSandbox, ...responses }
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url())
    const path = decodeURIComponent(pathname)
    // A stream that ends is a lost controller. This one stays open and sends nothing.
    if (path === '/api/events') return
    if (path.startsWith('/api/')) {
      const json = all[path]
      return json === undefined
        ? await route.fulfill({ status: 404, json: { error: `No ${path}.`, status: 404 } })
        : await route.fulfill(typeof json === 'string' ? { body: json } : { json })
    }
    return await route.fulfill(await readDistFile(path))
  })
  await page.goto(`${origin}/#/${hash}`)
  return { page, problems }
}
