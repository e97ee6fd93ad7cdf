import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { RunView } from '#chaos/contracts/api.ts'

import { exportRun } from './export-run.ts'

test('an exported run has scenario, journal and history; a missing file is empty', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-export-'))
  try {
    await writeFile(join(folder, 'history.jsonl'), '{"id":1}\n{"id":2}\n')
    await writeFile(join(folder, 'scenario.yaml'), 'title: x\n')
    const run = { id: 'r', files: ['history.jsonl', 'scenario.yaml'] } as unknown as RunView
    const runs = {
      get: async () => run,
      journal: async () => [],
      file: async (_id: string, name: string) => join(folder, name),
    }
    expect(await exportRun(runs, 'r')).toEqual({
      v: 1,
      kind: 'run',
      run,
      scenario: 'title: x\n',
      journal: [],
      history: [{ id: 1 }, { id: 2 }],
    })
    const bare = { ...run, files: [] }
    expect(await exportRun({ ...runs, get: async () => bare }, 'r')).toMatchObject({ history: [] })
  } finally {
    await rm(folder, { recursive: true })
  }
})
