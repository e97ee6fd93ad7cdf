import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

const run = promisify(execFile)
const entry = join(projectRoot, 'chaos/cli/unhappy.js')
const oldNode = await findOldNode()

/** A Node on this machine that is too old for the TypeScript sources. */
async function findOldNode(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  for (const folder of [...folders, '/usr/bin', '/usr/local/bin']) {
    const path = join(folder, 'node')
    const version = await run(path, ['--version']).catch(() => undefined)
    const major = Number(/^v(\d+)/.exec(version?.stdout ?? '')?.[1])
    if (major >= 20 && major < 24) return path
  }
  return undefined
}

const nodes = [
  { name: 'the Node of the project', node: process.execPath, skip: false },
  {
    name: oldNode === undefined ? 'an older Node (there is none here)' : 'an older Node',
    node: oldNode ?? '',
    skip: oldNode === undefined,
  },
]

for (const { name, node, skip } of nodes) {
  test.skipIf(skip)(`runs on ${name}`, async () => {
    const { stdout } = await run(node, [entry, '--version'])
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/)
  })

  test.skipIf(skip)(`returns the exit status on ${name}`, async () => {
    await expect(run(node, [entry, 'nonsense'])).rejects.toMatchObject({ code: 3 })
  })

  test.skipIf(skip).for(['SIGINT', 'SIGTERM'] as const)(
    `forwards %s and exits with status 0 on ${name}`,
    async (signal) => {
      const child = spawn(node, [entry, 'proxy', '-port', '0'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      child.kill(signal)
      expect(await once(child, 'exit')).toEqual([0, null])
    },
  )
}

test.skipIf(oldNode === undefined)('SIGKILL of the entry ends its child', async () => {
  const child = spawn(oldNode ?? '', [entry, 'proxy', '-port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { url } = JSON.parse(line.toString()) as { url: string }
  expect((await fetch(`${url}/version`)).status).toBe(200)
  child.kill('SIGKILL')
  await expect
    .poll(
      async () =>
        fetch(`${url}/version`).then(
          () => 'there',
          () => 'gone',
        ),
      { timeout: 10_000 },
    )
    .toBe('gone')
})

test('an error names npm install when the dependencies are missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-bare-'))
  try {
    await mkdir(join(folder, 'chaos', 'cli'), { recursive: true })
    await cp(entry, join(folder, 'chaos', 'cli', 'unhappy.js'))
    await cp(join(projectRoot, 'package.json'), join(folder, 'package.json'))
    const bare = run(process.execPath, [join(folder, 'chaos', 'cli', 'unhappy.js'), 'up'])
    await expect(bare).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringContaining('npm install') as string,
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})
