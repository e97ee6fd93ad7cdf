import { readFileSync } from 'node:fs'

import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'

import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { TestCli } from '#chaos/cli/testing/test-cli.ts'
import type { OneTimeSecret, SandboxFile, SandboxView } from '#chaos/contracts/api.ts'

import { launchBrowser } from './browser.ts'

/** A real sandbox with light traffic, and a real browser. */
export interface OpenDashboard extends AsyncDisposable {
  readonly cli: TestCli
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
  const url = view.urls.dashboard
  const file = readFileSync(`${cli.home}/.unhappy/sandboxes/${view.slot}.json`, 'utf8')
  const { token } = JSON.parse(file) as SandboxFile
  const browser = await launchBrowser()
  opened.defer(async () => browser.close())

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
  await call('PUT', 'traffic', {
    ordersPerSecond: 5,
    browsePerSecond: 10,
    quotesPerSecond: 2,
    readOrdersPerSecond: 3,
  })
  const resources = opened.move()
  return {
    cli,
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
    [Symbol.asyncDispose]: async () => resources.disposeAsync(),
  }
}
