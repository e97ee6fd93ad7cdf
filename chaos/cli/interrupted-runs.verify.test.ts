import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { SandboxView } from '#chaos/contracts/api.ts'

import { createTestCli } from './testing/test-cli.ts'
import type { TestCli } from './testing/test-cli.ts'

// Runs that end in an unusual way, with the real shop.
let cli: TestCli

beforeAll(async () => {
  cli = await createTestCli()
  const { status, stderr } = await cli.run(['up', '--detach'])
  expect({ status, stderr }).toMatchObject({ status: 0 })
})
afterAll(async () => cli[Symbol.asyncDispose]())

const view = async (): Promise<SandboxView> => {
  const { stdout } = await cli.run(['status', '--json'])
  return (JSON.parse(stdout) as [SandboxView])[0]
}

test('a fault that never fires is inconclusive, status 2', async () => {
  const path = join(cli.home, 'never.yaml')
  await writeFile(
    path,
    [
      'title: A trap that never springs',
      'workload: { browse: 10/s, duration: 1s }',
      'steadyState: 1s',
      'method:',
      "  - when: { link: 'api-*:payments', exchange: POST /nowhere, phase: before }",
      '    then: cut',
      'expect: [{ availability: { of: browse, atLeast: 0.5 } }]',
    ].join('\n'),
  )
  const { status, stdout } = await cli.run(['run', path])
  expect(status).toBe(2)
  expect(stdout).toContain('INCONCLUSIVE')
})

test('Ctrl-C aborts the run and leaves a healthy sandbox', async () => {
  const running = cli.start(['lab', 'check', 'lab-zero', '--version', 'start'])
  await expect.poll(() => running.stderr(), { timeout: 60_000 }).toContain('Unhappy path')
  running.process.kill('SIGINT')
  expect(await running.result).toMatchObject({ status: 130 })
  const after = await view()
  expect(after).toMatchObject({ run: null, faults: [] })
  expect(after.links.filter(({ enabled, toxics }) => !enabled || toxics.length > 0)).toEqual([])
  await expect.poll(async () => (await view()).ready, { timeout: 20_000 }).toBe(true)
})

test('a halt ends the run without a verdict', async () => {
  const running = cli.start(['lab', 'check', 'lab-zero', '--version', 'start'])
  await expect.poll(() => running.stderr(), { timeout: 60_000 }).toContain('Unhappy path')
  expect((await cli.run(['halt'])).status).toBe(0)
  expect(await running.result).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('halted') as string,
  })
  expect((await cli.run(['halt', '--lift'])).status).toBe(0)
})

test('after SIGKILL of its client a run ends, and status names the loaded code and the way back', async () => {
  const running = cli.start(['lab', 'check', 'lab-zero', '--version', 'start'])
  await expect.poll(() => running.stderr(), { timeout: 60_000 }).toContain('Unhappy path')
  running.process.kill('SIGKILL')
  await running.result
  expect((await cli.run(['status'])).stdout).toContain('unhappy halt')
  await expect.poll(async () => (await view()).run, { timeout: 60_000 }).toBeNull()
  const { stdout } = await cli.run(['status'])
  expect(stdout).toMatch(/read-product.*unhappy restore/s)
  expect((await cli.run(['restore'])).status).toBe(0)
  expect((await cli.run(['status'])).stdout).not.toContain('unhappy restore')
})

test('without a running sandbox a check starts one and stops it again', async () => {
  expect((await cli.run(['down'])).status).toBe(0)
  expect((await cli.run(['status'])).status).toBe(2)
  const check = ['lab', 'check', 'lab-zero', '--version', 'shop', '--quick']
  const { status, stderr } = await cli.run(check)
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(await cli.run(['status'])).toMatchObject({ status: 2, stderr: '' })
})
