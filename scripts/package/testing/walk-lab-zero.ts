import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect } from 'vitest'

import type { InstalledPackage } from './installed-package.ts'

const run = promisify(execFile)

/** What is left of a sandbox. */
interface Left {
  readonly files: readonly string[]
  /** Command lines. */
  readonly processes: readonly string[]
}

/** Only the log stays. */
export const nothingLeft: Left = { files: ['controller.log'], processes: [] }

/** A learner's first steps with the package, from `up` to `down`. Returns what is left of them. */
export async function walkLabZero(installed: InstalledPackage): Promise<Left> {
  const { folder } = installed
  const mine = join(folder, 'my-work', 'lab-zero', 'read-product.ts')
  const ok = async (args: readonly string[], status = 0): Promise<string> => {
    const result = await installed.run(args)
    expect({ args, ...result }).toMatchObject({ status })
    return result.stdout
  }
  await ok(['up', '--detach'])
  expect(await ok(['lab', 'start', 'lab-zero'])).toContain('my-work/lab-zero/read-product.ts')
  // The same code, as the package has it: compiled.
  const start = ['lab', 'check', 'lab-zero', '--version', 'start']
  expect(await ok(start, 1)).toContain('VIOLATED')
  // The line that the README names, and two imports that Node must find when it runs the file.
  const code = await readFile(mine, 'utf8')
  const fixed = code.replace('cache.get(sku)', 'cache.get(sku).catch(cacheFailed)')
  await writeFile(mine, `import '#services/lib/backoff.ts'\nimport 'pg'\n${fixed}`)
  await ok(['lab', 'check', 'lab-zero'])
  await seesTypes(folder)
  await ok(['down'])
  return {
    files: await readdir(join(folder, '.unhappy', 'sandboxes')),
    processes: await processesIn(folder),
  }
}

/** The compiler reads what an editor reads. */
async function seesTypes(folder: string): Promise<void> {
  const check = async (): Promise<string> =>
    await run(process.execPath, ['my-work/node_modules/typescript/bin/tsc', '-p', 'my-work'], {
      cwd: folder,
    }).then(
      ({ stdout }) => stdout,
      (error: { readonly stdout: string }) => error.stdout,
    )
  expect(await check()).toBe('')
  const other = join(folder, 'my-work', 'other')
  await mkdir(other)
  await writeFile(
    join(other, 'wrong.ts'),
    `import type { ReadProduct } from '#services/api/seams.ts'\nexport const wrong: ReadProduct = 1\n`,
  )
  expect(await check()).toMatch(/other\/wrong\.ts.*error TS2322/)
}

/** The command lines of processes that name the folder. */
async function processesIn(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(
    pids.map(async (pid) => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return lines.filter((line) => line.includes(folder))
}
