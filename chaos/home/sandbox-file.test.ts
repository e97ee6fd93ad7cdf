import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { listSandboxFiles } from './sandbox-file.ts'

const file = {
  slot: 1,
  pid: 7,
  url: 'http://127.0.0.1:1',
  token: 't',
  runtime: 'local',
  startedAt: '2030-01-01T00:00:00.000Z',
  ephemeral: false,
}

test('a damaged sandbox file is not a sandbox', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-sandboxes-'))
  const write = async (slot: number, content: object): Promise<void> =>
    writeFile(join(folder, `${slot}.json`), JSON.stringify(content))
  await write(1, file)
  await write(2, { ...file, url: 'http://127.0.0.1\u0000:1' })
  await write(3, { ...file, token: undefined })
  await write(4, { ...file, slot: 1.5 })
  await write(5, { ...file, pid: 0 })
  expect((await listSandboxFiles(folder)).map(({ slot }) => slot)).toEqual([1])
  await rm(folder, { recursive: true, force: true })
})
