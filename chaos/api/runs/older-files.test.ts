import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test as base } from 'vitest'

import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { probeSeam } from '#chaos/shop/seams/probe-seam.ts'
import { system } from '#chaos/system.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { reportRun } from './report-run.ts'
import { createRunArchive } from './run-archive.ts'
import { createRunFlows } from './run-flows.ts'

/**
 * What older versions wrote in a check of lab zero, with fewer offenders and events: the first version that runs, and the last
 * one before recordings. The learner's file is text here: tools of the project do not read it.
 */
const versions = ['first', 'before-recordings'] as const

interface Files {
  readonly home: Home
  /** The id of the run. */
  readonly run: string
}

/** In the project: the learner's file imports `#services/...`. */
const test = base.extend<{ open: (version: string) => Promise<Files> }>({
  open: async ({}, use) => {
    await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
    const folder = await mkdtemp(join(projectRoot, '.unhappy', 'test-older-'))
    await use(async (version) => {
      const home = homeAt(join(folder, version))
      await cp(join(import.meta.dirname, 'testing', 'older-files', version), home.folder, {
        recursive: true,
      })
      const code = join(home.work, 'lab-zero', 'read-product')
      await copyFile(`${code}.txt`, `${code}.ts`)
      return { home, run: (await readdir(home.runs))[0] ?? '' }
    })
    await rm(folder, { recursive: true })
  },
})

test.for(versions)('the progress of version %s is read, and goes on', async (version, { open }) => {
  const { home, run } = await open(version)
  const warnings: string[] = []
  const store = createProgressStore(home.work, {
    clock: systemClock,
    warn: (text) => warnings.push(text),
  })
  expect((await store.of('lab-zero')).outcomes).toMatchObject([{ run, outcome: 'violated' }])
  await store.change('lab-zero', (before) => ({ ...before, hintsUsed: before.hintsUsed + 1 }))
  expect(await store.of('lab-zero')).toMatchObject({ hintsUsed: 1, outcomes: [{ run }] })
  expect(warnings).toEqual([])
})

test.for(versions)("the learner's file of version %s loads", async (version, { open }) => {
  const { home } = await open(version)
  const path = join(home.work, 'lab-zero', 'read-product.ts')
  expect(await probeSeam(path, 'readProduct')).toEqual({ ok: true })
})

test.for(versions)('a run of version %s is listed and opens', async (version, { open }) => {
  const { home, run } = await open(version)
  const archive = createRunArchive(home.runs)
  expect(await archive.list()).toMatchObject([{ id: run, lab: 'lab-zero', outcome: 'violated' }])
  expect((await archive.journal(run)).some(({ type }) => type === 'fault')).toBe(true)
  const text = await readFile(await archive.file(run, 'scenario.yaml'), 'utf8')
  expect(parseScenario(text, { file: 'scenario.yaml', system }).method).toHaveLength(1)
})

test.for(versions)(
  'the report of a run of version %s is written again',
  async (version, { open }) => {
    const { home, run } = await open(version)
    const archive = createRunArchive(home.runs)
    const record = await archive.load(run)
    await reportRun(record, {
      system,
      labs: [labZero],
      folderOf: (id) => archive.folderOf(id),
      progressOf: async () => ({ hintsUsed: 0, outcomes: [], explanation: 'Redis was down.' }),
    })
    const report = await readFile(join(archive.folderOf(run), 'report.html'), 'utf8')
    expect(report).toContain(record.checks[0]?.title)
    expect(report).toContain('Redis was down.')
  },
)

test('a run from before the diagrams says so, and an exchange file of a later one is read', async ({
  open,
}) => {
  const flowsOf = async (version: string) => {
    const { home, run } = await open(version)
    const flows = createRunFlows(createRunArchive(home.runs), system)
    return await flows.list(run)
  }
  await expect(flowsOf('first')).rejects.toMatchObject({ status: 409 })
  expect((await flowsOf('before-recordings')).flows).toHaveLength(2)
})
