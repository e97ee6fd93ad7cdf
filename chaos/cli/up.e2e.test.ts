import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { listSandboxFiles } from '#chaos/home/sandbox-file.ts'
import { leftoversOf, pidsOf } from '#chaos/runtime/local/testing/leftovers.ts'

import { createTestCli } from './testing/test-cli.ts'
import type { TestCli } from './testing/test-cli.ts'

const startsWithin = { timeout: 60_000, interval: 100 }

async function sandboxOf(cli: TestCli): Promise<{ slot: number; pid: number }> {
  return await vi.waitFor(async () => {
    const [file] = await listSandboxFiles(join(cli.home, '.unhappy', 'sandboxes'))
    if (file === undefined) throw new Error('there is no file yet')
    return file
  }, startsWithin)
}

test('down in another terminal ends `up` with exit status 0, and `up` names the cause', async () => {
  await using cli = await createTestCli()
  const up = cli.start(['up'])
  await sandboxOf(cli)
  expect(await cli.run(['down'])).toMatchObject({ status: 0 })
  const { status, stderr } = await up.result
  expect(status).toBe(0)
  expect(stderr).toContain('unhappy down')
})

test('when the keeper is killed, `up` says so and exits with 3, and nothing is left', async () => {
  await using cli = await createTestCli()
  // Sandboxes of other tests take the lowest slots, and would take this one's when it is down.
  const up = cli.start(['up', '--sandbox', '43'])
  const { slot, pid } = await sandboxOf(cli)
  process.kill((await pidsOf(slot, pid)).get('keeper') ?? Number.NaN, 'SIGKILL')
  const { status, stderr } = await up.result
  expect(status).toBe(3)
  expect(stderr).toMatch(/keeper .* killed/)
  await vi.waitFor(async () => expect(await leftoversOf(slot, pid)).toEqual([]), {
    timeout: 10_000,
  })
  expect(existsSync(join(cli.home, '.unhappy', 'sandboxes', `${slot}.json`))).toBe(false)
})
