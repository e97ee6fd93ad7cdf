import { readFile } from 'node:fs/promises'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import { dashboardUrl } from '#chaos/cli/sandbox/dashboard-url.ts'
import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { startComposeSandbox } from '#chaos/runtime/docker/testing/compose-sandbox.ts'

/** A fresh sandbox: no lab was started in it. */
export interface WalkSandbox extends AsyncDisposable {
  /** An address that opens its page once. */
  address(): Promise<string>
}

export async function openWalkSandbox(
  runtime: 'local' | 'docker',
  signal: AbortSignal,
): Promise<WalkSandbox> {
  return runtime === 'docker' ? await inDocker() : await inProcesses(signal)
}

async function inDocker(): Promise<WalkSandbox> {
  const sandbox = await startComposeSandbox()
  return {
    address: async () => {
      const output = await sandbox.compose('exec', '-T', 'chaos', 'unhappy', 'open', '--json')
      return (JSON.parse(output) as { readonly url: string }).url
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
    address: async () => await dashboardUrl(client),
    [Symbol.asyncDispose]: async () => resources.disposeAsync(),
  }
}
