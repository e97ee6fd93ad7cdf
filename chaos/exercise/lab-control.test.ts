import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import type { LabView } from '#chaos/contracts/api.ts'
import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { labFolder } from './folders.ts'
import { createLabControl } from './lab-control.ts'
import { createProgressStore } from './progress-store.ts'
import { splitReadme } from './readme-sections.ts'

const test = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = homeAt(await mkdtemp(join(tmpdir(), 'unhappy-labs-')))
    onCleanup(async () => rm(home.folder, { recursive: true }))
    return home
  })
  .extend('labs', ({ home }) =>
    createLabControl({
      system,
      home,
      labs: [labZero],
      clock: systemClock,
      progress: createProgressStore(home.work, { clock: systemClock, warn: () => undefined }),
      runsOf: async () => [],
    }),
  )

test('a lab is new until it is started', async ({ labs }) => {
  expect((await labs.list())[0]?.state).toBe('new')
  await labs.start('lab-zero')
  expect((await labs.list())[0]?.state).toBe('started')
})

test('a second start does not overwrite a file that exists', async ({ labs, home }) => {
  await labs.start('lab-zero')
  const path = join(home.work, 'lab-zero', 'read-product.ts')
  await writeFile(path, '// mine\n')
  await labs.start('lab-zero')
  expect(await readFile(path, 'utf8')).toBe('// mine\n')
})

test('a reset copies the starting code and keeps the old files', async ({ labs, home }) => {
  await labs.start('lab-zero')
  const path = join(home.work, 'lab-zero', 'read-product.ts')
  await writeFile(path, '// mine\n')
  await labs.reset('lab-zero')
  expect(await readFile(path, 'utf8')).toContain('Task:')
  const [backup] = await readdir(join(home.work, '.backups'))
  const kept = join(home.work, '.backups', backup ?? '', 'read-product.ts')
  expect(await readFile(kept, 'utf8')).toBe('// mine\n')
})

test('a second prediction is refused', async ({ labs }) => {
  await labs.predict('lab-zero', { answer: 1, confidence: 70 })
  await expect(labs.predict('lab-zero', { answer: 2, confidence: 70 })).rejects.toMatchObject({
    status: 409,
  })
  expect((await labs.get('lab-zero')).prediction).toMatchObject({ answer: 1, confidence: 70 })
})

test('a prediction after a run is refused', async ({ labs }) => {
  await labs.recordOutcome('lab-zero', 'run-1', 'violated')
  await expect(labs.predict('lab-zero', { answer: 2, confidence: 99 })).rejects.toMatchObject({
    status: 409,
  })
})

test('after an inconclusive run a prediction is still possible', async ({ labs }) => {
  await labs.recordOutcome('lab-zero', 'run-1', 'inconclusive')
  const { prediction } = await labs.predict('lab-zero', { answer: 2, confidence: 99 })
  expect(prediction).toMatchObject({ answer: 2, confidence: 99 })
})

test('the right answer appears only after a run was held or violated', async ({ labs }) => {
  expect((await labs.get('lab-zero')).outcomeOfPrediction).toBeNull()
  await labs.recordOutcome('lab-zero', 'run-1', 'inconclusive')
  expect((await labs.get('lab-zero')).outcomeOfPrediction).toBeNull()
  await labs.recordOutcome('lab-zero', 'run-2', 'violated')
  expect((await labs.get('lab-zero')).outcomeOfPrediction).toMatchObject({ right: 2 })
})

test('each hint request shows one more hint, up to the last', async ({ labs }) => {
  expect((await labs.get('lab-zero')).hints).toEqual([])
  expect((await labs.hint('lab-zero')).hints).toEqual([labZero.hints[0]])
  for (let i = 0; i < 5; i++) await labs.hint('lab-zero')
  expect((await labs.get('lab-zero')).hints).toEqual(labZero.hints)
})

test('a lab that was held once stays held', async ({ labs }) => {
  await labs.recordOutcome('lab-zero', 'run-1', 'held')
  await labs.recordOutcome('lab-zero', 'run-2', 'violated')
  expect((await labs.get('lab-zero')).state).toBe('held')
})

test("the solution is the difference to the shop's own file", async ({ labs }) => {
  await expect(labs.solution('lab-zero')).rejects.toMatchObject({ status: 403 })
  await labs.recordOutcome('lab-zero', 'run-1', 'held')
  const { files } = await labs.solution('lab-zero')
  expect(files[0]?.shop).toBe('services/api/seams/read-product.ts')
  expect(files[0]?.diff).toMatch(/^-.*await cache\.get\(sku\)$/m)
})

const lockedIn = (view: LabView): readonly string[] => [
  ...view.sections.flatMap(({ id, lockedUntil }) => (lockedUntil === undefined ? [] : [id])),
  ...view.locked.map(({ id }) => id),
]

test('run and look wait for the verdict, explain for the explanation, the rest for held', async ({
  labs,
}) => {
  expect(lockedIn(await labs.get('lab-zero'))).toEqual([
    'run',
    'look',
    'explain',
    'after',
    'solution',
  ])
  await labs.recordOutcome('lab-zero', 'run-1', 'inconclusive')
  expect(lockedIn(await labs.get('lab-zero'))).toContain('run')
  await labs.recordOutcome('lab-zero', 'run-2', 'violated')
  expect(lockedIn(await labs.get('lab-zero'))).toEqual(['explain', 'after', 'solution'])
  expect(await labs.holdsStoryBack('lab-zero')).toBe(true)
  expect(lockedIn(await labs.explain('lab-zero', 'Redis was down.'))).toEqual(['after', 'solution'])
  expect(await labs.holdsStoryBack('lab-zero')).toBe(false)
  await labs.recordOutcome('lab-zero', 'run-3', 'held')
  const view = await labs.get('lab-zero')
  expect([lockedIn(view), view.storyLockedUntil, view.learned]).toEqual([[], null, labZero.learned])
})

test('an explanation before the first verdict unlocks nothing', async ({ labs }) => {
  const { sections } = await labs.explain('lab-zero', 'I have not run it.')
  expect(sections.find(({ id }) => id === 'explain')?.lockedUntil).toBe('the verdict')
  await labs.recordOutcome('lab-zero', 'run-1', 'violated')
  expect(await labs.holdsStoryBack('lab-zero')).toBe(false)
})

test('the text of a locked part is nowhere in the view', async ({ labs }) => {
  const path = join(labFolder(labZero), 'README.md')
  const { sections } = splitReadme(await readFile(path, 'utf8'))
  const secret = (id: string): string =>
    sections.find((section) => section.id === id)?.markdown.split('\n')[0] ?? ''
  const before = JSON.stringify(await labs.get('lab-zero'))
  for (const id of ['run', 'look', 'explain']) {
    expect(secret(id).length).toBeGreaterThan(0)
    expect(before).not.toContain(JSON.stringify(sections.find((one) => one.id === id)?.markdown))
  }
  for (const line of labZero.learned) expect(before).not.toContain(line)
  const { readme } = await labs.unlock('lab-zero', 'look')
  expect(readme).toContain(secret('look'))
  expect(readme).not.toContain('## Explain')
})

test('a request to unlock is kept with its time; a part that is open needs none', async ({
  labs,
}) => {
  await labs.unlock('lab-zero', 'explain')
  await labs.recordOutcome('lab-zero', 'run-1', 'violated')
  await labs.unlock('lab-zero', 'look')
  const { unlocked } = await labs.record('lab-zero')
  expect(unlocked).toEqual({ explain: expect.stringMatching(/^\d{4}-/) as string })
  expect(await labs.holdsStoryBack('lab-zero')).toBe(false)
})

test('the lenses stay as they are written', async ({ labs }) => {
  const lenses = { contract: 'a', truth: 'b', failure: '', blastRadius: 'd', tradeOff: 'é\n' }
  expect((await labs.reflect('lab-zero', lenses)).lenses).toEqual(lenses)
  await labs.hint('lab-zero')
  expect((await labs.record('lab-zero')).lenses).toEqual(lenses)
})

test('the list is the path: positions, what breaks, the lesson, and one next lab', async ({
  labs,
}) => {
  const [first] = await labs.list()
  const { breaks, lesson } = labZero
  expect(first).toMatchObject({ position: 1, next: true, breaks, lesson })
  await labs.recordOutcome('lab-zero', 'run-1', 'held')
  expect((await labs.list())[0]?.next).toBe(false)
})

test('the error for an unknown lab suggests the nearest name', async ({ labs }) => {
  await expect(labs.get('lab-zer')).rejects.toThrow('"lab-zero"')
})

test('what gives the solution away is in after.md, not in the README', async ({ labs }) => {
  await expect(labs.after('lab-zero')).rejects.toMatchObject({ status: 403 })
  await labs.unlock('lab-zero', 'after')
  const { readme } = await labs.get('lab-zero')
  const { text } = await labs.after('lab-zero')
  expect(text).toContain('swallow-the-error')
  expect(readme).not.toContain('swallow-the-error')
  await expect(labs.after('no-such-lab')).rejects.toMatchObject({ status: 404 })
})
