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
import { system } from '#chaos/system.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { createCodeSnapshots } from './code-snapshot.ts'
import { createRunArchive } from './run-archive.ts'
import { createRunControl } from './run-control.ts'

const scenario =
  'title: Browse\nworkload: { browse: 1/s, duration: 1s }\nexpect: [no-lost-orders]\n'
const held: Verdict = { outcome: 'held', headline: 'All held.', checks: [], reasons: [] }

const test = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = homeAt(await mkdtemp(join(tmpdir(), 'unhappy-runs-')))
    onCleanup(async () => rm(home.folder, { recursive: true }))
    return home
  })
  .extend('execute', () =>
    vi.fn<(request: RunRequest) => Promise<Verdict>>().mockResolvedValue(held),
  )
  .extend('recordOutcome', () => vi.fn<() => Promise<void>>().mockResolvedValue())
  // What the instances of the shop run.
  .extend('inUse', () => new Set<string>())
  .extend('runs', ({ home, execute, recordOutcome, inUse }) =>
    createRunControl({
      system,
      home,
      labs: [labZero],
      archive: createRunArchive(home.runs),
      clock: systemClock,
      events: createJournal(systemClock),
      snapshots: createCodeSnapshots(home, 0),
      codeInUse: () => inUse,
      assertAllowed: () => undefined,
      execute,
      probeContracts: async () => [],
      sweepLab: async () => expect.unreachable(),
      recordOutcome,
      report: async () => undefined,
    }),
  )

/** Ends only when the run is aborted. */
function endless(request: RunRequest): Promise<Verdict> {
  return new Promise((_resolve, reject) => {
    request.signal.addEventListener('abort', () => reject(request.signal.reason as Error))
  })
}

test('a judged run is listed and can be read with its files', async ({ runs }) => {
  const first = await runs.start({ scenario, seed: 7 })
  await expect.poll(async () => (await runs.get(first.id)).state).toBe('done')
  expect(await runs.get(first.id)).toMatchObject({
    outcome: 'held',
    headline: 'All held.',
    seed: 7,
    files: ['run.json', 'scenario.yaml'],
  })
  expect((await runs.list()).map(({ id }) => id)).toEqual([first.id])
})

test('one run at a time uses the sandbox', async ({ runs, execute }) => {
  execute.mockImplementation(endless)
  const { id } = await runs.start({ scenario })
  await expect(runs.start({ scenario })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining(id) as string,
  })
  await expect(runs.restore(async () => undefined)).rejects.toMatchObject({ status: 409 })
  await runs.abort(id)
  expect(runs.current).toBeNull()
})

test('other work uses the sandbox alone, and a halt aborts it', async ({ runs }) => {
  let reason: unknown
  const occupied = await runs.occupy('The X-ray x', async (signal) => {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve)
    })
    reason = signal.reason
  })
  expect(runs.occupant).toBe('The X-ray x')
  await expect(runs.start({ scenario })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('The X-ray x') as string,
  })
  await expect(runs.occupy('Another', async () => undefined)).rejects.toMatchObject({ status: 409 })
  await runs.abortCurrent('the sandbox was halted')
  await occupied.ended
  expect(reason).toMatchObject({ message: expect.stringContaining('halted') as string })
  expect(runs.occupant).toBeNull()
})

test('a run that is asked for while an aborted one still ends waits for that end', async ({
  runs,
  execute,
}) => {
  const { promise: cleanedUp, resolve: cleanUp } = Promise.withResolvers<void>()
  execute.mockImplementationOnce(async (request) => {
    await endless(request).catch(() => cleanedUp)
    throw request.signal.reason
  })
  const first = await runs.start({ scenario })
  const aborting = runs.abortCurrent('the sandbox was halted')
  const second = runs.start({ scenario })
  cleanUp()
  await aborting
  expect((await second).id).not.toBe(first.id)
  await expect.poll(async () => (await runs.get((await second).id)).state).toBe('done')
})

test('of two runs that wait for the end of an aborted one, only one starts', async ({
  runs,
  execute,
}) => {
  const { promise: cleanedUp, resolve: cleanUp } = Promise.withResolvers<void>()
  execute.mockImplementationOnce(async (request) => {
    await endless(request).catch(() => cleanedUp)
    throw request.signal.reason
  })
  await runs.start({ scenario })
  const aborting = runs.abortCurrent('the sandbox was halted')
  const both = Promise.allSettled([runs.start({ scenario }), runs.start({ scenario })])
  cleanUp()
  await aborting
  const [first, second] = await both
  expect(first).toMatchObject({ status: 'fulfilled' })
  expect(second).toMatchObject({ status: 'rejected', reason: { status: 409 } })
  await expect.poll(() => runs.current).toBeNull()
})

test('an aborted run has an error and no verdict', async ({ runs, execute }) => {
  execute.mockImplementation(endless)
  const { id } = await runs.start({ scenario })
  await runs.abort(id)
  expect(await runs.get(id)).toMatchObject({
    state: 'aborted',
    outcome: null,
    error: { error: expect.stringContaining('aborted') as string },
  })
})

test('a run that cannot be judged is failed, with error and remedy', async ({ runs, execute }) => {
  execute.mockRejectedValue(new InputError('The shop does not start.', { remedy: 'Fix it.' }))
  const { id } = await runs.start({ scenario })
  await expect.poll(async () => (await runs.get(id)).state).toBe('failed')
  expect(await runs.get(id)).toMatchObject({
    outcome: null,
    error: { error: 'The shop does not start.', remedy: 'Fix it.' },
  })
})

test.for([
  [{}, /lab.*scenario.*neither/],
  [{ lab: 'lab-zero', scenario }, /lab.*scenario.*both/],
  [{ lab: 'lab-ten' }, /Unknown lab/],
  [{ lab: 'lab-zero', version: 'best' }, /no version "best"/],
  [{ lab: 'lab-zero', version: 'shop', variants: ['best'] }, /Unknown variant "best"/],
  [{ lab: 'lab-zero', version: 'shop', variants: ['all'], quick: true }, /quick/],
  [{ scenario, variants: ['all'] }, /Only a lab has variants/],
  [{ scenario: 'title: x', file: 'x.yaml' }, /x\.yaml/],
  [{ scenario, exerciseDir: '/nowhere' }, /cannot be read/],
  [{ scenario, exerciseDir: 'labs/first-steps/lab-zero' }, /lab\.ts: Unknown seam "lab"/],
] as const)('the request %j starts no run', async ([request, message], { runs, execute, home }) => {
  await expect(runs.start(request)).rejects.toThrow(message)
  expect(execute).not.toHaveBeenCalled()
  expect(existsSync(home.runs)).toBe(false)
})

test('a file that is saved during the run does not change the judged code', async ({
  runs,
  execute,
  home,
}) => {
  const source = join(home.folder, 'code')
  await mkdir(source)
  await writeFile(join(source, 'read-product.ts'), 'export const readProduct = () => 1\n')
  execute.mockImplementation(async ({ exercise }) => {
    await writeFile(join(source, 'read-product.ts'), 'export const readProduct = () => 2\n')
    const copy = await readFile(join(exercise?.folder ?? '', 'read-product.ts'), 'utf8')
    return { ...held, headline: copy.trim() }
  })
  const { id } = await runs.start({ scenario, exerciseDir: source })
  await expect
    .poll(async () => (await runs.get(id)).headline)
    .toBe('export const readProduct = () => 1')
  expect((await runs.get(id)).files).toContain('code/read-product.ts')
})

test('a copy of code stays as long as an instance points at it', async ({
  runs,
  execute,
  home,
  inUse,
}) => {
  const folders: string[] = []
  execute.mockImplementation(async ({ exercise }) => {
    folders.push(exercise?.folder ?? '')
    if (folders.length === 1) inUse.add(folders[0] ?? '')
    // The second run fails before it restarts an instance: the shop still runs the first copy.
    else throw new Error('aborted before the restart')
    return held
  })
  const source = join(home.folder, 'code')
  await mkdir(source)
  await writeFile(join(source, 'read-product.ts'), 'export const readProduct = () => 1\n')
  for (const _round of [1, 2]) {
    await runs.start({ scenario, exerciseDir: source })
    await expect.poll(() => runs.current).toBeNull()
  }
  expect(folders.map((folder) => existsSync(folder))).toEqual([true, false])
  // A restore that is interrupted: one instance still points at the copy.
  await expect(runs.restore(async () => Promise.reject(new Error('interrupted')))).rejects.toThrow(
    'interrupted',
  )
  expect(existsSync(folders[0] ?? '')).toBe(true)
  await runs.restore(async () => inUse.clear())
  expect(existsSync(folders[0] ?? '')).toBe(false)
})

test('a check of named variants runs these without a sweep', async ({ runs, execute }) => {
  const variants = ['down-and-emptied', 'silent']
  await runs.start({ lab: 'lab-zero', version: 'shop', variants })
  await expect.poll(() => runs.current).toBeNull()
  const [request] = execute.mock.calls[0] ?? []
  expect(request?.variants?.parts.map(({ name }) => name)).toEqual(variants)
  expect(request?.sweep).toMatch(/^No sweep.*named/)
})

test("a run of the shop's own code is not stored as progress", async ({ runs, recordOutcome }) => {
  await runs.start({ lab: 'lab-zero', version: 'shop' })
  await expect.poll(() => runs.current).toBeNull()
  expect(recordOutcome).not.toHaveBeenCalled()
})

test('a link to the latest run and a folder without a record are not listed', async ({
  runs,
  home,
}) => {
  const { id } = await runs.start({ scenario })
  await expect.poll(() => runs.current).toBeNull()
  await symlink(id, join(home.runs, 'latest'))
  await mkdir(join(home.runs, '20300101-000000-half-abcd'))
  expect((await runs.list()).map((run) => run.id)).toEqual([id])
})

test.for(['../secret', '/etc/passwd', 'run.json/..', 'nothing'])(
  'a file that is not in the run’s folder (%s) is not found',
  async (name, { runs }) => {
    const { id } = await runs.start({ scenario })
    await expect.poll(() => runs.current).toBeNull()
    await expect(runs.file(id, name)).rejects.toMatchObject({ status: 404 })
  },
)

test.for(['..', '../x', 'a/b', 'nothing'])('the run id %s is not found', async (id, { runs }) => {
  await expect(runs.get(id)).rejects.toMatchObject({ status: 404 })
})
