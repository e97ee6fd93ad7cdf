import { execFile } from 'node:child_process'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { expect, test, vi } from 'vitest'

import { localPort } from '#chaos/contracts/ports.ts'

import { startComposeSandbox } from './testing/compose-sandbox.ts'
import { controllerApi } from './testing/controller-api.ts'
import { describeWithDocker } from './testing/describe-with-docker.ts'
import { dial, dialUntilConnected } from './testing/dial.ts'
import { listParts, listPacketRules } from './testing/list-parts.ts'
import { useComposeSandbox } from './testing/use-compose-sandbox.ts'

const run = promisify(execFile)
const cli = fileURLToPath(new URL('../../cli/unhappy.js', import.meta.url))
/** Neither the user who runs the tests nor the user `node` of the image. */
const owner = 12_345

describeWithDocker('docker compose up', () => {
  const sandbox = useComposeSandbox({ owner })
  const unhappy = async (...args: readonly string[]): Promise<string> =>
    await sandbox().compose('exec', '-T', 'chaos', 'unhappy', ...args)

  /** A controller writes its sandbox file again when it is ready. */
  const ready = async (): Promise<void> => {
    await vi.waitFor(
      async () => {
        const view = await (await controllerApi(sandbox())).sandbox()
        expect(view.ready).toBe(true)
      },
      { timeout: 30_000, interval: 200 },
    )
  }

  test('every instance is ready and the shop answers on the published ports', async () => {
    const api = await controllerApi(sandbox())
    const view = await api.sandbox()
    const { slot } = sandbox()
    expect(view).toMatchObject({ runtime: 'docker', ready: true, slot, faults: [] })
    expect(view.urls.dashboard).toContain(`http://127.0.0.1:${localPort(slot, 0)}`)
    for (const url of view.urls.shop) {
      const response = await fetch(`${url}/products`)
      expect(response.status).toBe(200)
    }
    expect((await fetch(view.urls.dashboard)).status).toBe(401)
    const { url } = JSON.parse(await unhappy('open', '--json')) as { readonly url: string }
    const opened = await fetch(url, { redirect: 'manual' })
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await fetch(view.urls.dashboard, { headers: { cookie } })
    expect(await page.text()).toMatch(/<script/)
  })

  test('the CLI works in the container, and the CLI on the host finds the sandbox', async () => {
    expect(await unhappy('status')).toMatch(`Sandbox ${sandbox().slot} ready`)
    expect(await unhappy('sql', 'SELECT 40 + 2 AS answer')).toMatch(/42/)
    expect(await unhappy('redis', 'PING')).toMatch(/PONG/)
    const env = { ...process.env, UNHAPPY_HOME: sandbox().folder }
    const onHost = await run(process.execPath, [cli, 'status'], { env })
    expect(onHost.stdout).toMatch(new RegExp(`Sandbox ${sandbox().slot} ready .*docker`))
  })

  test('files of the controller belong to the owner of the folder', async () => {
    await unhappy('lab', 'start', 'lab-zero')
    const lab = join(sandbox().folder, 'my-work', 'lab-zero')
    const files = await readdir(lab)
    expect(files.length).toBeGreaterThan(0)
    const paths = [
      ...files.map((file) => join(lab, file)),
      join(sandbox().folder, 'my-work'),
      join(sandbox().folder, 'runs'),
      join(sandbox().folder, '.unhappy'),
    ]
    for (const path of paths) expect((await stat(path)).uid).toBe(owner)
  })

  test('a service runs as node, the controller as the owner of the folder', async () => {
    expect((await sandbox().compose('exec', '-T', 'api-1', 'id', '-un')).trim()).toBe('node')
    // The controller uses the engine's socket and still runs as the owner of the folder.
    const chaos = (await sandbox().compose('ps', '--quiet', 'chaos')).trim()
    const processes = await sandbox().docker('top', chaos, '-eo', 'uid,pid,args')
    expect(processes).toMatch(new RegExp(`${owner} +\\d+ +node chaos/api/main.ts`))
  })

  test('a partition drops real packets, and its lease ends it after the controller was killed', async () => {
    const api = await controllerApi(sandbox())
    const leaseMs = 6_000
    const fault = await api.inject({ kind: 'partition', target: 'api-1:postgres', leaseMs })
    const on = performance.now()
    expect(fault.mechanism).toMatch(/packets/)
    await sandbox().compose('kill', '--signal', 'SIGKILL', 'chaos')
    expect(await dial(sandbox(), 'api-1', 'links:20030', 500)).toMatchObject({ outcome: 'timeout' })
    expect(await dial(sandbox(), 'api-2', 'links:20040')).toMatchObject({ outcome: 'connected' })
    const dialled = await dialUntilConnected(sandbox(), 'api-1', 'links:20030', 12_000)
    expect(dialled.outcome).toBe('connected')
    expect(performance.now() - on).toBeLessThan(leaseMs + 1_000)
    expect(await listPacketRules(sandbox(), 'api-1')).not.toMatch(/DROP/)
  })

  test('a restarted controller cleans up the faults of the killed one', async () => {
    await sandbox().compose('restart', 'chaos')
    await ready()
    const api = await controllerApi(sandbox())
    await api.inject({ kind: 'pause', target: 'worker-1', leaseMs: 120_000 })
    await api.inject({ kind: 'crash', target: 'worker-2', leaseMs: 120_000 })
    await api.inject({ kind: 'partition', target: 'api-2:redis', leaseMs: 120_000 })
    await sandbox().compose('kill', '--signal', 'SIGKILL', 'chaos')
    await sandbox().compose('restart', 'chaos')
    await ready()
    const after = await controllerApi(sandbox())
    expect(await listPacketRules(sandbox(), 'api-2')).not.toMatch(/DROP/)
    expect(await after.sandbox()).toMatchObject({ faults: [] })
  })

  test('a file of the learner that does not load is named and gives no verdict', async () => {
    const file = join(sandbox().folder, 'my-work', 'lab-zero', 'read-product.ts')
    await writeFile(file, 'export const nothing = 1\n')
    await expect(unhappy('lab', 'check', 'lab-zero')).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/readProduct/) as string,
    })
  })
})

describeWithDocker('docker compose down --volumes', () => {
  test('leaves nothing while faults are active', async () => {
    const sandbox = await startComposeSandbox()
    const api = await controllerApi(sandbox)
    await api.inject({ kind: 'partition', target: 'api-1:*', leaseMs: 300_000 })
    await api.inject({ kind: 'pause', target: 'redis', leaseMs: 300_000 })
    await api.inject({ kind: 'disk-full', target: 'postgres', leaseMs: 300_000 })
    expect((await listParts(sandbox)).length).toBeGreaterThan(14)
    await sandbox[Symbol.asyncDispose]()
    expect(await listParts(sandbox)).toEqual([])
  })

  test('leaves nothing after the controller was killed', async () => {
    const sandbox = await startComposeSandbox()
    const api = await controllerApi(sandbox)
    await api.inject({ kind: 'partition', target: 'api-1:postgres', leaseMs: 300_000 })
    await api.inject({ kind: 'pause', target: 'worker-1', leaseMs: 300_000 })
    await sandbox.compose('kill', '--signal', 'SIGKILL', 'chaos')
    await sandbox[Symbol.asyncDispose]()
    await vi.waitFor(async () => expect(await listParts(sandbox)).toEqual([]), { timeout: 5_000 })
  })
})
