import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { ApiSeams } from '#services/api/seams.ts'
import { exportOf, seams } from '#services/seams.ts'
import type { SeamName } from '#services/seams.ts'

import { loadSeams } from './seam.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'seams-'))
})
afterEach(async () => await rm(folder, { recursive: true }))

const put = async (file: string, text: string): Promise<void> => {
  await writeFile(path.join(folder, file), text)
}
const load = async (expected: readonly string[] = [], exerciseDir = folder) =>
  await loadSeams<ApiSeams>('api', { exerciseDir, expected })

test("every seam has the shop's own version, with one export of its name", async () => {
  for (const service of ['api', 'worker'] as const) {
    const { reports } = await loadSeams(service, { exerciseDir: undefined, expected: [] })
    expect(reports.map(({ seam }) => seam)).toEqual(
      Object.keys(seams).filter((name) => seams[name as SeamName].services.includes(service)),
    )
    expect(new Set(reports.map(({ source }) => source))).toEqual(new Set(['shop']))
  }
  expect(exportOf('read-order-message')).toBe('readOrderMessage')
})

test('loads the files in the exercise folder, and reports the hash of their bytes', async () => {
  const text = 'export const liveness = async (): Promise<boolean> => false\n'
  await put('liveness.ts', text)
  await put('README.md', 'notes')
  await put('reconcile.ts', 'not TypeScript, but of another service')
  const loaded = await load(['liveness'])
  expect(loaded.reports).toContainEqual({
    seam: 'liveness',
    source: 'exercise',
    sha256: createHash('sha256').update(text).digest('hex'),
  })
  expect(await loaded.seams.liveness({} as Parameters<ApiSeams['liveness']>[0])).toBe(false)
  expect(loaded.reports.filter(({ source }) => source === 'exercise')).toHaveLength(1)
})

test('a file that names no seam is an error, with the nearest name', async () => {
  await put('plaec-order.ts', '')
  await expect(load()).rejects.toThrow(/"plaec-order".* place-order\?/)
})

test('a seam in a file of another kind is an error', async () => {
  await put('liveness.js', '')
  await expect(load()).rejects.toThrow('liveness.js must be named liveness.ts.')
})

test('a file without the export is an error that lists its exports', async () => {
  await put('liveness.ts', 'export const alive = 1')
  await expect(load()).rejects.toThrow('has no function named liveness. It exports: alive.')
})

test('a file that does not parse is an error with its line', async () => {
  await put('liveness.ts', '\n\nexport const liveness = async () => {{\n')
  const error = await load().catch((thrown: unknown) => (thrown as Error).message)
  expect(error).toMatch(/liveness\.ts does not run: SyntaxError: .*\(line \d+, column \d+: .*\)$/)
  expect(error).not.toContain('\n')
})

test('a file that throws, or imports a missing file, is an error', async () => {
  await put('liveness.ts', `import x from './none.ts'\nexport const liveness = x`)
  await expect(load()).rejects.toThrow(/liveness\.ts does not run: .*none\.ts/)
  await put('admission.ts', 'throw new TypeError("at once")')
  await rm(path.join(folder, 'liveness.ts'))
  await expect(load()).rejects.toThrow('admission.ts does not run: TypeError: at once')
})

test('an expected seam without a file is an error', async () => {
  await expect(load(['liveness'])).rejects.toThrow('there is no liveness.ts')
  const nowhere = loadSeams('api', { exerciseDir: undefined, expected: ['liveness'] })
  await expect(nowhere).rejects.toThrow('expected in EXERCISE_DIR, which is not set')
  await expect(load(['livenes'])).rejects.toThrow(/EXPECTED_SEAMS.*"livenes"/)
  await expect(load([], `${folder}/none`)).rejects.toThrow('EXERCISE_DIR cannot be read')
})
