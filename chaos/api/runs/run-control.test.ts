import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect, vi } from 'vitest'

import type { Verdict } from '#chaos/contracts/check.ts'
import { createJournal } from '#chaos/engine/journal.ts'
import type { RunRequest } from '#chaos/engine/run/run-request.ts'
import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { createRunArchive } from './run-archive.ts'
import { createRunControl } from './run-control.ts'

const scenario = 'title: Calm\nworkload: { browse: 1/s, duration: 1s }\nexpect: [no-lost-orders]\n'
const held: Verdict = { outcome: 'held', headline: 'All held.', checks: [], reasons: [] }

const test = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = homeAt(await mkdtemp(join(tmpdir(), 'unhappy-runs-')))
    onCleanup(async () => rm(home.folder, { recursive: true }))
    return home
  })
  .extend('execute', () => vi.fn<(order: RunRequest) => Promise<Verdict>>().mockResolvedValue(held))
  .extend('judged', () => vi.fn<() => Promise<void>>().mockResolvedValue())
  .extend('desk', ({ home, execute, judged }) =>
    createRunControl({
      home,
      labs: [labZero],
      archive: createRunArchive(home.runs),
      clock: systemClock,
      events: createJournal(systemClock),
      assertAllowed: () => undefined,
      execute,
      judged,
    }),
  )

/** Until somebody ends it. */
function endless(order: RunRequest): Promise<Verdict> {
  return new Promise((_resolve, reject) => {
    order.signal.addEventListener('abort', () => reject(order.signal.reason as Error))
  })
}

test('a run that was judged can be read again, newest first, with its files', async ({ desk }) => {
  const first = await desk.start({ scenario, seed: 7 })
  await expect.poll(async () => (await desk.get(first.id)).state).toBe('done')
  expect(await desk.get(first.id)).toMatchObject({
    outcome: 'held',
    headline: 'All held.',
    seed: 7,
    files: ['run.json', 'scenario.yaml'],
  })
  expect((await desk.list()).map(({ id }) => id)).toEqual([first.id])
})

test('only one run has the sandbox', async ({ desk, execute }) => {
  execute.mockImplementation(endless)
  const { id } = await desk.start({ scenario })
  await expect(desk.start({ scenario })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining(id) as string,
  })
  await expect(desk.alone(async () => undefined)).rejects.toMatchObject({ status: 409 })
  await desk.abort(id)
  expect(desk.current).toBeNull()
})

test('an aborted run has no verdict, and says why', async ({ desk, execute }) => {
  execute.mockImplementation(endless)
  const { id } = await desk.start({ scenario })
  await desk.abort(id)
  expect(await desk.get(id)).toMatchObject({
    state: 'aborted',
    outcome: null,
    error: { error: expect.stringContaining('aborted') as string },
  })
})

test('a run that could not be judged is failed, with the remedy', async ({ desk, execute }) => {
  execute.mockRejectedValue(new InputError('The shop does not start.', { remedy: 'Mend it.' }))
  const { id } = await desk.start({ scenario })
  await expect.poll(async () => (await desk.get(id)).state).toBe('failed')
  expect(await desk.get(id)).toMatchObject({
    outcome: null,
    error: { error: 'The shop does not start.', remedy: 'Mend it.' },
  })
})

test.for([
  [{}, /either a lab or a scenario/],
  [{ lab: 'lab-zero', scenario }, /either a lab or a scenario/],
  [{ lab: 'lab-ten' }, /Unknown lab/],
  [{ lab: 'lab-zero', version: 'best' }, /no version "best"/],
  [{ scenario: 'title: x', file: 'x.yaml' }, /x\.yaml/],
  [{ scenario, exerciseDir: '/nowhere' }, /cannot be read/],
] as const)('%j starts nothing', async ([request, message], { desk, execute, home }) => {
  await expect(desk.start(request)).rejects.toThrow(message)
  expect(execute).not.toHaveBeenCalled()
  expect(existsSync(home.runs)).toBe(false)
})

test('the code that is judged is a copy: saving it meanwhile changes nothing', async ({
  desk,
  execute,
  home,
}) => {
  const source = join(home.folder, 'code')
  await mkdir(source)
  await writeFile(join(source, 'read-product.ts'), '// first\n')
  execute.mockImplementation(async ({ exercise }) => {
    await writeFile(join(source, 'read-product.ts'), '// second\n')
    const copy = await readFile(join(exercise?.folder ?? '', 'read-product.ts'), 'utf8')
    return { ...held, headline: copy.trim() }
  })
  const { id } = await desk.start({ scenario, exerciseDir: source })
  await expect.poll(async () => (await desk.get(id)).headline).toBe('// first')
  expect((await desk.get(id)).files).toContain('code/read-product.ts')
})

test('what runs after a check stays there until the next one', async ({ desk, execute, home }) => {
  const folders: string[] = []
  execute.mockImplementation(async ({ exercise }) => {
    folders.push(exercise?.folder ?? '')
    return held
  })
  const source = join(home.folder, 'code')
  await mkdir(source)
  await writeFile(join(source, 'read-product.ts'), '')
  for (const _round of [1, 2]) {
    await desk.start({ scenario, exerciseDir: source })
    await expect.poll(() => desk.current).toBeNull()
  }
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true])
  await desk[Symbol.asyncDispose]()
  expect(existsSync(folders[1] ?? '')).toBe(false)
})

test("only the learner's own code counts as their progress", async ({ desk, judged }) => {
  await desk.start({ lab: 'lab-zero', version: 'shop' })
  await expect.poll(() => desk.current).toBeNull()
  expect(judged).not.toHaveBeenCalled()
})

test('a link to the latest run and half a run are no runs', async ({ desk, home }) => {
  const { id } = await desk.start({ scenario })
  await expect.poll(() => desk.current).toBeNull()
  await symlink(id, join(home.runs, 'latest'))
  await mkdir(join(home.runs, '20300101-000000-half-abcd'))
  expect((await desk.list()).map((run) => run.id)).toEqual([id])
})

test.for(['../secret', '/etc/passwd', 'run.json/..', 'nothing'])(
  'a file that is not in the run’s folder (%s) is not there',
  async (name, { desk }) => {
    const { id } = await desk.start({ scenario })
    await expect.poll(() => desk.current).toBeNull()
    await expect(desk.file(id, name)).rejects.toMatchObject({ status: 404 })
  },
)

test.for(['..', '../x', 'a/b', 'nothing'])('there is no run %s', async (id, { desk }) => {
  await expect(desk.get(id)).rejects.toMatchObject({ status: 404 })
})
