import { readFile } from 'node:fs/promises'

import type { Page } from 'playwright-core'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import { dashboardUrl } from '#chaos/cli/sandbox/dashboard-url.ts'
import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { startComposeSandbox } from '#chaos/runtime/docker/testing/compose-sandbox.ts'

import { openSeatHost } from '../seat-host.ts'

/** A fresh sandbox: no lab was started in it. */
export interface WalkSandbox extends AsyncDisposable {
  /** Opens its page. Resolves with what is worth saying about that. */
  enter(page: Page): Promise<string | undefined>
}

export async function openWalkSandbox(
  runtime: 'local' | 'docker' | 'seat',
  signal: AbortSignal,
): Promise<WalkSandbox> {
  if (runtime === 'seat') return await inSeat(signal)
  return runtime === 'docker' ? await inDocker() : await inProcesses(signal)
}

/** A learner opens the page of a workshop, joins, and is in a seat. */
async function inSeat(signal: AbortSignal): Promise<WalkSandbox> {
  const host = await openSeatHost(1, signal)
  return {
    enter: async (page) => {
      await host.untilPrepared()
      await page.goto(host.url)
      await page.getByLabel('Your name').fill('Ada')
      await page.getByLabel('Code').fill(host.code)
      const joinedMs = systemClock.now()
      await page.getByRole('button', { name: 'Join' }).click()
      await page.locator('main h1, main h2').first().waitFor()
      return `own dashboard ${((systemClock.now() - joinedMs) / 1_000).toFixed(1)} s after Join`
    },
    [Symbol.asyncDispose]: async () => await host[Symbol.asyncDispose](),
  }
}

async function inDocker(): Promise<WalkSandbox> {
  const sandbox = await startComposeSandbox()
  return {
    enter: async (page) => {
      const output = await sandbox.compose('exec', '-T', 'chaos', 'unhappy', 'open', '--json')
      return void (await page.goto((JSON.parse(output) as { readonly url: string }).url))
    },
    [Symbol.asyncDispose]: async () => sandbox[Symbol.asyncDispose](),
  }
}

async function inProcesses(signal: AbortSignal): Promise<WalkSandbox> {
  await using opened = new AsyncDisposableStack()
  const cli = opened.use(await createTestCli())
  const { status, stdout, stderr } = await cli.run(['up', '--detach', '--json'])
  if (status !== 0) throw new Error(stderr.trim())
  const { slot } = JSON.parse(stdout) as SandboxView
  const text = await readFile(`${cli.home}/.unhappy/sandboxes/${slot}.json`, 'utf8')
  const client = createApiClient(JSON.parse(text) as SandboxFile, systemClock, signal)
  const resources = opened.move()
  return {
    // Not `unhappy open`: it would also open the browser of this machine.
    enter: async (page) => void (await page.goto(await dashboardUrl(client))),
    [Symbol.asyncDispose]: async () => resources.disposeAsync(),
  }
}
