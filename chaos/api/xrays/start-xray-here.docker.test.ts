import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test, vi } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'
import { controllerApi } from '#chaos/runtime/docker/testing/controller-api.ts'
import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'
import { useComposeSandbox } from '#chaos/runtime/docker/testing/use-compose-sandbox.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'

import type { ApiClient } from '../client/api-client.ts'

const run = promisify(execFile)
const cli = join(projectRoot, 'chaos', 'cli', 'unhappy.js')
const anyCell = { flow: 'place-order', mode: 'full' } as const

describeWithDocker('an X-ray in Docker', () => {
  const sandbox = useComposeSandbox()
  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    UNHAPPY_HOME: sandbox().folder,
  })

  /** Returns the id of an X-ray in which a trap is armed or about to be. */
  const untilCellsRun = async (api: ApiClient): Promise<string> =>
    await vi.waitFor(
      async () => {
        const running = (await api.xrays()).xrays.find(({ state }) => state === 'running')
        expect(running?.total).toBeGreaterThan(0)
        return running?.id ?? ''
      },
      { timeout: 240_000, interval: 100 },
    )

  const expectRestored = async (api: ApiClient): Promise<void> => {
    const { instances } = await api.sandbox()
    expect(instances.filter(({ state }) => state !== 'ready')).toEqual([])
    expect(instances.flatMap(({ seams = [] }) => seams.map(({ source }) => source))).not.toContain(
      'exercise',
    )
    expect(await api.traps()).toEqual([])
    const settings = await sandbox().compose(
      'exec',
      '-T',
      'chaos',
      'sh',
      '-c',
      'cat /run/unhappy/env/*',
    )
    expect(settings).not.toMatch(/JOB_LOCK_MS|EXERCISE_DIR/)
    const truth = await api.truth()
    expect(truth).toMatchObject({ orders: 0, unfinished: 0 })
  }

  test('finds the lost order of a lab, saves its files and restores the shop', async () => {
    const api = await controllerApi(sandbox())
    const options = ['--lab', 'dual-write', '--version', 'start', '--quick']
    const cells = ['--only', 's07/reply-cut,POST /charges/reply-cut', '--json']
    const xray = run(process.execPath, [cli, 'xray', ...options, ...cells], { env: environment() })
    const tryOthers = async (): Promise<void> => {
      await untilCellsRun(api)
      await expect(api.run({ scenario: 'title: x' })).rejects.toMatchObject({ status: 409 })
      await expect(api.inject({ kind: 'crash', target: 'api-1' })).rejects.toMatchObject({
        status: 409,
      })
      await expect(api.startXray(anyCell)).rejects.toMatchObject({ status: 409 })
    }
    const refused = tryOthers()
    // One cell is broken.
    await expect(xray).rejects.toMatchObject({ code: 1 })
    await refused
    const { stdout, stderr } = (await xray.catch((error: unknown) => error)) as Record<
      'stdout' | 'stderr',
      string
    >
    const matrix = JSON.parse(stdout) as Matrix
    expect(matrix.cells.map(({ result }) => result)).toEqual(['orphan', 'ok-retried'])
    expect(stderr).toMatch(/2 cells/)
    const [saved] = (await api.xrays()).xrays
    expect(saved).toMatchObject({ state: 'done', liveness: 1, ours: false })
    for (const file of ['xray.json', 'xray.html'])
      expect(existsSync(join(sandbox().folder, 'runs', saved?.id ?? '', file))).toBe(true)
    await expectRestored(api)
  })

  test('Ctrl-C stops it and restores the shop', async () => {
    const api = await controllerApi(sandbox())
    const child = spawn(process.execPath, [cli, 'xray'], { env: environment(), stdio: 'ignore' })
    const exited = once(child, 'exit')
    const id = await untilCellsRun(api)
    child.kill('SIGINT')
    await exited
    expect(await api.xray(id)).toMatchObject({ state: 'stopped' })
    await expectRestored(api)
  })
})
