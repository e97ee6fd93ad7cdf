import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { homeAt } from '#chaos/home/home.ts'

import { sandboxFolders } from './sandbox-folders.ts'

test('lists the folder for plain processes and one folder for each sandbox in Docker', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-folders-'))
  try {
    const state = join(folder, '.unhappy')
    for (const name of ['sandboxes', 'compose-201', 'compose-200', 'cache'])
      await mkdir(join(state, name), { recursive: true })
    expect(await sandboxFolders(homeAt(folder))).toEqual([
      join(state, 'sandboxes'),
      join(state, 'compose-200', 'sandboxes'),
      join(state, 'compose-201', 'sandboxes'),
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('lists one folder where no sandbox ever ran', async () => {
  expect(await sandboxFolders(homeAt('/nowhere'))).toEqual(['/nowhere/.unhappy/sandboxes'])
})
