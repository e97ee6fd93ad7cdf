import { readFileSync } from 'node:fs'

import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { TestCli } from '#chaos/cli/testing/test-cli.ts'
import type { OneTimeSecret, SandboxFile, SandboxView } from '#chaos/contracts/api.ts'

import { launchBrowser } from './browser.ts'

/** A real browser for the dashboard of a running sandbox. */
export interface BrowsedDashboard extends AsyncDisposable {
  readonly browser: Browser
  /** Origin of the controller. */
  readonly url: string
  /** Sends one request to the API (`faults`, without the leading `/api/`) and expects success. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>
  /** An address that opens the dashboard once; `from` replaces the controller's origin. */
  secretUrl(from?: string): Promise<string>
  /** A page of its own at an address such as `labs/lab-zero`; `from` replaces the controller's origin. */
  open(hash: string, from?: string): Promise<Page>
  /** Lifts the halt and heals every fault, so a failed test does not fail the next one. */
  heal(): Promise<void>
}

/** A real sandbox of the shop with light traffic, and a real browser. */
export interface OpenDashboard extends BrowsedDashboard {
  readonly cli: TestCli
}

const viewport = { width: 1280, height: 800 }

/** `prepare` writes files into the home of the sandbox before it starts. */
export async function openDashboard(
  prepare: (cli: TestCli) => Promise<void> = async () => undefined,
): Promise<OpenDashboard> {
  await using opened = new AsyncDisposableStack()
  const cli = opened.use(await createTestCli())
  await prepare(cli)
  const { status, stdout, stderr } = await cli.run(['up', '--detach', '--json'])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  const view = JSON.parse(stdout) as SandboxView
  const file = readFileSync(`${cli.home}/.unhappy/sandboxes/${view.slot}.json`, 'utf8')
  const dashboard = opened.use(await browseDashboard(JSON.parse(file) as SandboxFile))
  await dashboard.call('PUT', 'traffic', {
    ordersPerSecond: 5,
    browsePerSecond: 10,
    quotesPerSecond: 2,
    readOrdersPerSecond: 3,
  })
  const resources = opened.move()
  return { ...dashboard, cli, [Symbol.asyncDispose]: async () => resources.disposeAsync() }
}

/** Starts a browser for the sandbox that this file describes. */
export async function browseDashboard({ url, token }: SandboxFile): Promise<BrowsedDashboard> {
  const browser = await launchBrowser()
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/api/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    expect(response.ok).toBe(true)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  const secretUrl = async (from = url): Promise<string> => {
    const { secret } = await call<OneTimeSecret>('POST', 'secrets')
    return `${from}/?secret=${secret}`
  }
  return {
    browser,
    url,
    call,
    secretUrl,
    open: async (hash, from = url) => {
      const page = await browser.newPage({ viewport })
      await page.goto(await secretUrl(from))
      await page.goto(`${from}/#/${hash}`)
      return page
    },
    heal: async () => {
      await call('DELETE', 'halt')
      await call('DELETE', 'faults')
    },
    [Symbol.asyncDispose]: async () => browser.close(),
  }
}
