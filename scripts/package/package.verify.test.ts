import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { buildPackage } from './build-package.ts'
import { gradeOwnWork } from './testing/grade-own-work.ts'
import { installTarball, linkBuiltPackage } from './testing/installed-package.ts'
import { nothingLeft, walkLabZero } from './testing/walk-lab-zero.ts'

/** Only Linux has a cell for the code of learners. */
const graded =
  process.platform === 'linux'
    ? { status: 0, stdout: expect.stringContaining('1 held') as string }
    : { status: 3, stderr: expect.stringContaining('only Linux') as string }

let folder: string
let tarball: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unhappy-packed-'))
  buildPackage(join(folder, 'package'))
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: join(folder, 'package') })
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'))
  tarball = join(folder, name)
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

// npm has each Node as a package. The user's Node only has to run the entry: it is too old for the rest, or new enough.
test.for([20, 22, 24])(
  'lab zero works from the installed package under Node %i',
  { timeout: 900_000 },
  async (major) => {
    const nodes = join(folder, `node-${major}`)
    execFileSync('npm', ['install', '--prefix', nodes, '--no-audit', '--no-fund', `node@${major}`])
    const node = join(nodes, 'node_modules', 'node', 'bin', 'node')
    await using installed = await installTarball(tarball, node)
    expect(await walkLabZero(installed)).toEqual(nothingLeft)
    expect(await gradeOwnWork(installed)).toMatchObject(graded)
  },
)

test('lab zero works from the built package without npm', { timeout: 900_000 }, async () => {
  await using installed = await linkBuiltPackage()
  expect(await walkLabZero(installed)).toEqual(nothingLeft)
})
