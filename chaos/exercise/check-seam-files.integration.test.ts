import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { probeSeam } from '#chaos/shop/seams/probe-seam.ts'
import { system } from '#chaos/system.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { checkSeamFiles } from './check-seam-files.ts'
import { labFolder, workFolder } from './folders.ts'
import { unreadable } from './read-seam-file.ts'

// Below the project's root, as my-work/ is: seam files import #services/...
const test = base.extend('home', async ({}, { onCleanup }) => {
  await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
  const home = homeAt(await mkdtemp(join(projectRoot, '.unhappy', 'test-')))
  onCleanup(async () => rm(home.folder, { recursive: true }))
  await cp(join(labFolder(labZero), 'start'), workFolder(home, labZero), { recursive: true })
  return home
})

test('the starting code passes', async ({ home }) => {
  const { 'read-product': sha256 } = await checkSeamFiles(system, home, labZero, 'mine')
  expect(sha256).toMatch(/^[0-9a-f]{64}$/)
})

test('the error for a lab that is not started names the command that starts it', async ({
  home,
}) => {
  await rm(workFolder(home, labZero), { recursive: true })
  await expect(checkSeamFiles(system, home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringContaining('my-work/lab-zero') as string,
    remedy: expect.stringContaining('unhappy lab start lab-zero') as string,
  })
})

test('the error for a missing file names it and the command that copies it', async ({ home }) => {
  await rm(join(workFolder(home, labZero), 'read-product.ts'))
  await expect(checkSeamFiles(system, home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringContaining('lab-zero/read-product.ts') as string,
    remedy: expect.stringContaining('unhappy lab start lab-zero') as string,
  })
})

test('the error for a file with a wrong name has the right name', async ({ home }) => {
  const folder = workFolder(home, labZero)
  await rename(join(folder, 'read-product.ts'), join(folder, 'readProduct.ts'))
  await expect(checkSeamFiles(system, home, labZero, 'mine')).rejects.toMatchObject({
    message: expect.stringContaining('readProduct.ts') as string,
    remedy: expect.stringContaining('read-product.ts') as string,
  })
})

test('the error for an additional file names it', async ({ home }) => {
  await writeFile(join(workFolder(home, labZero), 'helper.ts'), 'export const help = 1\n')
  await expect(checkSeamFiles(system, home, labZero, 'mine')).rejects.toThrow(/helper\.ts/)
})

test('a Markdown file in the folder is allowed', async ({ home }) => {
  await writeFile(join(workFolder(home, labZero), 'notes.md'), 'think!\n')
  await expect(checkSeamFiles(system, home, labZero, 'mine')).resolves.toBeDefined()
})

const broken: readonly (readonly [string, string, RegExp])[] = [
  [
    'a syntax error',
    'export const readProduct = () =>\n  1 +* 2\n',
    /does not load: SyntaxError[^]*lab-zero\/read-product\.ts:2:6\n +1 \+\* 2\n +\^/,
  ],
  [
    'a syntax error whose position Node only prints',
    'let b = 1; let b = 2\n',
    /already been declared[^]*read-product\.ts:1:16\n/,
  ],
  ['an enum', 'let a\nenum A { b }\n', /enum[^]*:2:1\n +enum A[^]*removes types/],
  ['a namespace', 'namespace N { export const a = 1 }\n', /namespace[^]*:1:1\n/],
  [
    'a parameter property',
    'class A { constructor(private x: number) {} }\n',
    /parameter property[^]*:1:31/,
  ],
  [
    'an import that is not there',
    "import './nothing.ts'\nexport const readProduct = () => {}\n",
    /import ".\/nothing\.ts" does not exist[^]*lab-zero\/read-product\.ts:1:9/,
  ],
  ['a package that is not there', "let a\nimport 'no-such'\n", /"no-such" does not exist[^]*:2:/],
  [
    'an alias that leads to nothing',
    "import '#services/no.ts'\n",
    /"#services\/no\.ts" does not exist[^]*:1:/,
  ],
  ['an exception while it loads', "throw new Error('not yet')\n", /not yet[^]*:1:7\n/],
  ['null as an exception', 'throw null\n', /throws null, not an Error/],
  ['text as an exception', "throw 'no'\n", /throws 'no', not an Error/],
  [
    'an exception whose getters throw',
    'throw { get message() { throw 1 }, get stack() { throw 2 }, toString() { throw 3 } }\n',
    /throws \{ message: \[Getter\]/,
  ],
  [
    'a rejection without a handler',
    "Promise.reject(new Error('late'))\n",
    /rejected promise unhandled: Error: late[^]*:1:16/,
  ],
  ['an end of the process', 'process.exit(7)\n', /ended the process with exit status 7 while/],
  [
    'an end of the process by a signal',
    "process.kill(process.pid, 'SIGKILL')\nawait new Promise(() => setInterval(() => {}, 9))\n",
    /ended the process by the signal SIGKILL/,
  ],
  [
    'a top-level await without an end',
    'await new Promise(() => {})\n',
    /top-level await waits for a/,
  ],
  ['much output', "console.log('x'.repeat(4 << 20))\n", /more than 1 MB/],
  ['output without an end', "for (;;) console.error('x'.repeat(1000))\n", /more than 1 MB/],
  [
    'a result that it prints, sends and writes itself',
    `import fs from 'node:fs'
     for (const text of ['{"ok":true}', '${'0'.repeat(32)} {"ok":true}']) {
       console.log(text)
       process.send?.({ ok: true })
       fs.writeSync(3, text + '\\n')
     }
     process.exit(0)\n`,
    /ended the process with exit status 0 while/,
  ],
  [
    'a result that it takes from the functions of the probe',
    `import fs from 'node:fs'
     import { syncBuiltinESMExports } from 'node:module'
     const { writeSync } = fs
     fs.writeSync = (fd, text) => writeSync(fd, String(text).split(' ')[0] + ' {"ok":true}\\n')
     JSON.stringify = () => '{"ok":true}'
     process.exit = process.kill = () => {}
     syncBuiltinESMExports()
     export const other = 1\n`,
    /exports other, but no function/,
  ],
  ['no export', 'const readProduct = () => undefined\nvoid readProduct\n', /exports nothing/],
  ['another export', 'export const readProducts = () => undefined\n', /exports readProducts/],
  ['only a default export', 'export default () => undefined\n', /exports default, but/],
  [
    'an export that is not a function',
    'export const readProduct = 1\n',
    /readProduct is a number: no function readProduct/,
  ],
]

test.for(broken)('the error for %s names it', async ([, text, message], { home }) => {
  await writeFile(join(workFolder(home, labZero), 'read-product.ts'), text)
  await expect(checkSeamFiles(system, home, labZero, 'mine')).rejects.toThrow(message)
})

test.for(['start', 'near-misses/keep-asking', 'alternatives/leave-it-alone', 'shop'] as const)(
  'the version %s of the lab passes',
  async (version, { home }) => {
    await expect(checkSeamFiles(system, home, labZero, version)).resolves.toBeDefined()
  },
)

test('an endless loop and an await that still waits are two different errors', async ({ home }) => {
  const file = join(workFolder(home, labZero), 'read-product.ts')
  const probe = async (text: string) => {
    await writeFile(file, text)
    return await probeSeam(file, 'readProduct', { limitMs: 300 })
  }
  expect(await probe('while (true) {}\n')).toMatchObject({
    kind: 'load',
    problem: expect.stringMatching(
      /within 0\.3 s: an endless loop.* blocks the event loop/,
    ) as string,
  })
  expect(await probe('await new Promise(() => setInterval(() => {}, 9))\n')).toMatchObject({
    kind: 'load',
    problem: expect.stringMatching(/within 0\.3 s: a top-level await .* is free/) as string,
  })
})

test('what the code starts while it loads ends with the probe', async ({ home }) => {
  const pidFile = join(home.folder, 'pid')
  await writeFile(
    join(workFolder(home, labZero), 'read-product.ts'),
    `import { spawn } from 'node:child_process'
     import { writeFileSync } from 'node:fs'
     const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 9)'], { stdio: 'inherit' })
     writeFileSync(${JSON.stringify(pidFile)}, String(pid))
     export const readProduct = () => undefined\n`,
  )
  await checkSeamFiles(system, home, labZero, 'mine')
  const pid = Number(await readFile(pidFile, 'utf8'))
  await expect.poll(() => isRunning(pid)).toBe(false)
})

test('JSON with a byte order mark can be imported, and broken JSON has its place', async ({
  home,
}) => {
  const folder = workFolder(home, labZero)
  const text = `import data from './data.json' with { type: 'json' }
     export const readProduct = () => data\n`
  await writeFile(join(folder, 'read-product.ts'), `\uFEFF${text}`)
  await writeFile(join(folder, 'data.json'), '\uFEFF{ "a": 1 }')
  await expect(checkSeamFiles(system, home, labZero, 'mine')).resolves.toBeDefined()
  await writeFile(join(folder, 'data.json'), '{ "a": 1, }')
  await expect(checkSeamFiles(system, home, labZero, 'mine')).rejects.toThrow(
    /JSON[^]*data\.json:1:11/,
  )
})

test.for([
  ['a folder', async (file: string) => mkdir(file), /is a folder/],
  ['a link to itself', async (file: string) => symlink(file, file), /leads back to itself/],
  ['a link to nothing', async (file: string) => symlink('/nowhere', file), /to nothing/],
  ['a huge file', async (file: string) => writeFile(file, Buffer.alloc(3 << 20, 32)), /3\.0 MB/],
  ['UTF-16', async (file: string) => writeFile(file, Buffer.from([255, 254, 97, 0])), /not UTF-8/],
  ['a device', async (file: string) => symlink('/dev/zero', file), /not a regular file/],
] as const)('%s instead of a file is bad input', async ([, put, message], { home }) => {
  const file = join(workFolder(home, labZero), 'read-product.ts')
  await rm(file)
  await put(file)
  const error = await checkSeamFiles(system, home, labZero, 'mine').catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(InputError)
  expect((error as InputError).message).toMatch(/lab-zero\/read-product\.ts/)
  expect((error as InputError).message).toMatch(message)
  expect((error as InputError).remedy).toBeDefined()
})

test('a file that changes while it is read is not judged', async ({ home }) => {
  const file = join(workFolder(home, labZero), 'read-product.ts')
  await writeFile(
    file,
    `import { appendFileSync } from 'node:fs'
     appendFileSync(import.meta.filename, '// saved meanwhile')
     export const readProduct = () => undefined\n`,
  )
  await expect(checkSeamFiles(system, home, labZero, 'mine')).rejects.toThrow(
    /changed while it was read/,
  )
})

test('a file that this user may not read is bad input', () => {
  const error = unreadable('x.ts', Object.assign(new Error('EACCES'), { code: 'EACCES' }))
  expect(error.message).toBe('x.ts may not be read by this user (EACCES).')
  expect(error.remedy).toContain('chmod')
})

function isRunning(pid: number): boolean {
  try {
    // A process that has ended and has no parent to report it to is still listed.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
