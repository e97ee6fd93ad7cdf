import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import type { ApartProgram } from '#chaos/contracts/runtime.ts'

import { probeApart } from './probe-apart.ts'

test('gives the container the seam files, and reads the reports from its last line', async ({
  onTestFinished,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-apart-'))
  onTestFinished(async () => await rm(folder, { recursive: true }))
  await writeFile(join(folder, 'liveness.ts'), 'export const liveness = 1')
  const { signal } = new AbortController()
  const runApart = vi
    .fn<(program: ApartProgram) => Promise<string>>()
    .mockResolvedValue('a warning\n{"reports":[]}\n')
  expect(await probeApart(runApart, { folder, seams: ['liveness'], signal })).toEqual([])
  expect(runApart).toHaveBeenCalledWith({
    command: ['node', '/app/chaos/shop/probes/main.ts', '/app/my-work', 'liveness'],
    files: [{ path: '/app/my-work/liveness.ts', text: 'export const liveness = 1' }],
    signal,
  })
  runApart.mockResolvedValue('no memory')
  await expect(probeApart(runApart, { folder, seams: ['liveness'], signal })).rejects.toThrow(
    /no memory/,
  )
})
