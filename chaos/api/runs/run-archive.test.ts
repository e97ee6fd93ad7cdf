import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test as base } from 'vitest'

import { createRunArchive } from './run-archive.ts'

const good = {
  id: '20300101-1',
  title: 'A run',
  seed: 1,
  startedAt: '2030-01-01T00:00:00.000Z',
  state: 'done',
  folder: 'runs/20300101-1',
  checks: [],
}

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-runs-'))
  onCleanup(async () => rm(folder, { recursive: true, force: true }))
  return folder
})

async function write(folder: string, id: string, name: string, text: string): Promise<void> {
  await mkdir(join(folder, id), { recursive: true })
  await writeFile(join(folder, id, name), text)
}

test('a damaged record is not listed, and reading it names the run and the remedy', async ({
  folder,
}) => {
  const archive = createRunArchive(folder)
  await write(folder, good.id, 'run.json', JSON.stringify(good))
  const damaged = ['null', '{}', '{"id":', JSON.stringify({ ...good, checks: 'x' })]
  for (const [i, text] of damaged.entries()) await write(folder, `20300102-${i}`, 'run.json', text)
  expect((await archive.list()).map(({ id }) => id)).toEqual([good.id])
  for (const i of damaged.keys())
    await expect(archive.load(`20300102-${i}`)).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining(`20300102-${i}`) as string,
      remedy: expect.any(String) as string,
    })
})

test('a journal with half a line keeps its whole lines', async ({ folder }) => {
  await write(folder, good.id, 'journal.jsonl', '{"seq":1}\nnull\n{"seq":2}\n{"se')
  expect(await createRunArchive(folder).journal(good.id)).toEqual([{ seq: 1 }, { seq: 2 }])
})
