import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { LabView, RunView, SandboxView } from '#chaos/contracts/api.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { createTestCli } from './testing/test-cli.ts'
import type { TestCli } from './testing/test-cli.ts'

// The steps of a learner, in their order, with the real shop.
let cli: TestCli
let mine: string
let readyScreen: string

beforeAll(async () => {
  cli = await createTestCli()
  mine = join(cli.home, 'my-work', 'lab-zero', 'read-product.ts')
  // A controller that was killed has left this behind.
  await mkdir(join(judged(), '999', 'run-1'), { recursive: true })
  const { status, stdout, stderr } = await cli.run(['up', '--detach'])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  readyScreen = stdout
})
afterAll(async () => cli[Symbol.asyncDispose]())

const judged = (): string => join(cli.home, 'my-work', '.judged')

test('a start removes the copies of code that a killed controller left behind', async () => {
  expect(await readdir(judged())).toEqual([])
})

const view = async (): Promise<SandboxView> => {
  const { stdout } = await cli.run(['status', '--json'])
  return (JSON.parse(stdout) as [SandboxView])[0]
}

test('the address that up prints opens the dashboard once', async () => {
  const [url = ''] = /http:\S+\/\?secret=[\w-]+/.exec(readyScreen) ?? []
  const open = async () => (await fetch(url, { redirect: 'manual' })).status
  expect([await open(), await open()]).toEqual([303, 401])
})

test('the starting code of a lab is violated, and the story follows the explanation', async () => {
  expect((await cli.run(['lab', 'start', 'lab-zero'])).stdout).toContain('read-product.ts')
  const { status, stdout, stderr } = await cli.run(['lab', 'check', 'lab-zero'])
  expect({ status, stderr }).toMatchObject({ status: 1 })
  expect(stdout).toContain('VIOLATED')
  expect(stdout).toMatch(/✗ availability .*99 %/)
  expect(stdout).not.toMatch(/The story of browse/)
  expect(stdout).toContain('unhappy lab explain lab-zero')
  const explained = await cli.run(['lab', 'explain', 'lab-zero', 'Redis was down.'])
  expect(explained.stdout).toMatch(/The story of browse/)
  expect(explained.stdout).toMatch(/client +.*500/)
  expect(stdout).toContain('unhappy lab check lab-zero')
  expect(stderr.split('\n')[0]).toContain('my-work/lab-zero/read-product.ts')
})

test("the shop runs the learner's code until it is restored", async () => {
  const seams = (sandbox: SandboxView) =>
    sandbox.instances.flatMap(({ seams = [] }) => seams.filter(({ source }) => source !== 'shop'))
  expect(seams(await view()).map(({ seam }) => seam)).toEqual(['read-product', 'read-product'])
  const { slot } = await view()
  expect(await readdir(join(judged(), String(slot)))).toHaveLength(1)
  expect((await cli.run(['restore'])).status).toBe(0)
  expect(await readdir(join(judged(), String(slot)))).toEqual([])
  const restored = await view()
  expect(seams(restored)).toEqual([])
  expect(restored).toMatchObject({ ready: true, truth: { orders: 0, charged: 0 } })
})

test('one changed line holds, as the README promises, and the lab is done', async () => {
  const code = await readFile(mine, 'utf8')
  const changed = code.replace('cache.get(sku)', 'cache.get(sku).catch(cacheFailed)')
  expect(changed).not.toBe(code)
  await writeFile(mine, changed)
  const { status, stdout } = await cli.run(['lab', 'check', 'lab-zero', '--json'])
  expect({ status, run: JSON.parse(stdout) as RunView }).toMatchObject({
    status: 0,
    run: { outcome: 'held', version: 'mine', lab: 'lab-zero' },
  })
  const list = await cli.run(['lab', 'list', '--json'])
  expect(JSON.parse(list.stdout)).toContainEqual(
    expect.objectContaining({ id: 'lab-zero', state: 'held' }),
  )
})

test('code that cannot run gets status 3 and no verdict', async () => {
  const check = async () => cli.run(['lab', 'check', 'lab-zero'])
  const wrong = mine.replace('read-product', 'readProduct')
  await rename(mine, wrong)
  expect(await check()).toMatchObject({
    status: 3,
    stdout: '',
    stderr: expect.stringMatching(/readProduct\.ts[^]*read-product\.ts/) as string,
  })
  await rm(wrong)
  expect(await check()).toMatchObject({
    status: 3,
    stdout: '',
    stderr: expect.stringContaining('unhappy lab start lab-zero') as string,
  })
  await writeFile(mine, 'export const readProduct = (\n')
  expect(await check()).toMatchObject({
    status: 3,
    stdout: '',
    stderr: expect.stringContaining('SyntaxError') as string,
  })
})

test('run and lab check report the same about code that ends the process', async () => {
  await writeFile(mine, 'process.exit(6)\nexport const readProduct = () => undefined\n')
  const scenario = join(projectRoot, 'labs/first-steps/lab-zero/scenario.yaml')
  const results = [
    await cli.run(['lab', 'check', 'lab-zero']),
    await cli.run(['run', scenario, '--exercise', join(mine, '..')]),
  ]
  const problem = /read-product\.ts ended the process with exit status 6 while it was loaded/
  for (const { status, stdout, stderr } of results) {
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
    expect(stderr).toMatch(problem)
  }
})

test('code that loads but does not start gets no verdict', async () => {
  await writeFile(
    mine,
    "export const readProduct = () => { throw new Error('no product today') }\n",
  )
  const { status, stdout, stderr } = await cli.run(['lab', 'check', 'lab-zero'])
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
  expect(stderr).toContain('no product today')
})

test('a reset keeps a copy of the file and restores the starting code', async () => {
  const { stdout } = await cli.run(['lab', 'reset', 'lab-zero', '--json'])
  const lab = JSON.parse(stdout) as LabView & { backup: string }
  expect(lab.backup).toContain('my-work/.backups/lab-zero-')
  expect(lab.files).toHaveLength(1)
})
