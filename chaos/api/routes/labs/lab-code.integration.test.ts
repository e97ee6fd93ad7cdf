import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import type { Diagnostics, LabCode, SavedFile } from '#chaos/contracts/api.ts'
import { createLabEditor } from '#chaos/exercise/editor/lab-editor.ts'
import { copyStart } from '#chaos/exercise/work-files.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'
import { createTypeChecker } from '#chaos/type-check/type-checker.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { createApp } from '../../http/app.ts'
import { localHosts } from '../../http/guard-requests.ts'
import { createFakeController } from '../../testing/fake-controller.ts'

const test = base
  .extend('home', async ({}, { onCleanup }) => {
    // Inside the project: the code imports #services/...
    const home = homeAt(join(projectRoot, '.unhappy', `editor-${process.pid}`))
    await mkdir(home.work, { recursive: true })
    onCleanup(async () => rm(home.folder, { recursive: true }))
    await copyStart(home, labZero)
    return home
  })
  .extend('call', async ({ home }, { onCleanup }) => {
    const clock = systemClock
    const checker = createTypeChecker({ clock })
    const editor = createLabEditor({
      system,
      home,
      labs: [labZero],
      clock,
      checker,
      readmeOf: async () => '',
    })
    const controller = { ...createFakeController(), editor }
    const options = { controller, token: 'secret', hosts: localHosts, version: '1' }
    const app = await createApp({ ...options, dashboardFolder: '/nowhere' })
    onCleanup(async () => {
      await app.close()
      await checker[Symbol.asyncDispose]()
    })
    return async (method: 'GET' | 'POST' | 'PUT', what: string, payload?: object) => {
      const headers = { host: '127.0.0.1:1', authorization: 'Bearer secret' }
      const url = `/api/labs/${what}`
      const response = await app.inject({ method, url, headers, ...(payload && { payload }) })
      return { status: response.statusCode, body: response.json<unknown>() }
    }
  })
  .extend('diagnose', ({ call }) => async (text: string): Promise<Diagnostics> => {
    // What a page does while the checker starts: it asks again.
    for (;;) {
      const { body } = await call('POST', 'lab-zero/diagnostics', { text })
      const found = body as Diagnostics
      if (found.state !== 'starting') return found
    }
  })

test('the learner edits, sees the errors at their lines, and saves', async ({
  home,
  call,
  diagnose,
}) => {
  const { files, types } = (await call('GET', 'lab-zero/code')).body as LabCode
  const [file] = files
  expect(types[0]?.title).toBe('ReadProduct')
  expect(await diagnose(file?.text ?? '')).toMatchObject({ state: 'ready', diagnostics: [] })

  const wrong = `${file?.text}\nconst n: number = 'a'\n`
  const line = wrong.split('\n').length - 1
  expect((await diagnose(wrong)).diagnostics).toMatchObject([{ line, column: 7, source: 'types' }])

  const throws = `${file?.text}\nthrow new Error('not yet')\n`
  // Text that is not saved is not loaded.
  expect((await diagnose(throws)).diagnostics).toEqual([])
  const path = 'lab-zero/code/read-product'
  const saved = await call('PUT', path, { text: throws, basedOn: file?.version })
  expect(saved.status).toBe(200)
  expect((await diagnose(throws)).diagnostics).toMatchObject([
    { line, column: 7, source: 'import', message: expect.stringContaining('not yet') as string },
  ])

  const onDisk = join(home.work, 'lab-zero', 'read-product.ts')
  await writeFile(onDisk, '// theirs\n')
  const late = { text: wrong, basedOn: (saved.body as SavedFile).version }
  expect((await call('PUT', path, late)).status).toBe(409)
  expect(await readFile(onDisk, 'utf8')).toBe('// theirs\n')
  expect((await diagnose('// theirs\n')).diagnostics).toMatchObject([
    { line: 1, source: 'import', message: expect.stringContaining('readProduct') as string },
  ])
})

test.for([
  ['GET', 'no-lab/code', undefined],
  ['PUT', 'lab-zero/code/place-order', { text: '', basedOn: '0'.repeat(64) }],
  ['POST', 'no-lab/diagnostics', { text: '' }],
  ['POST', 'lab-zero/diagnostics', { text: '', seam: 'place-order' }],
  ['POST', 'lab-zero/hover', { text: '', seam: '../../x', line: 1, column: 1 }],
] as const)('%s %s is a 404', async ([method, what, payload], { call }) => {
  expect((await call(method, what, payload)).status).toBe(404)
})
