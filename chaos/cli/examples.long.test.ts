import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { CatalogueView, SandboxView } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { faults } from '#chaos/faults/index.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { faultExample } from './fault-example.ts'
import { runInProcess } from './testing/in-process.ts'
import type { InProcessResult } from './testing/in-process.ts'
import { createTestCli } from './testing/test-cli.ts'
import type { TestCli } from './testing/test-cli.ts'

// Every example of a fault, and every fault that a document injects, on the real shop.
let cli: TestCli
let sandbox: SandboxView
/** Sandboxes of other tests take the lowest slots. */
const slot = '44'

beforeAll(async () => {
  cli = await createTestCli()
  const { status, stdout, stderr } = await cli.run(['up', '--detach', '--json', '--sandbox', slot])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  sandbox = JSON.parse(stdout) as SandboxView
  // Some faults affect only what happens while they begin, such as the commits that a failover loses.
  expect((await run('traffic')).status).toBe(0)
})
afterAll(async () => cli[Symbol.asyncDispose]())

/** In this process: a process for each of the commands would take most of the time. */
async function run(command: string): Promise<InProcessResult> {
  const words = command.matchAll(/'([^']*)'|(\S+)/g)
  const args = [...words].map(([, quoted, plain]) => quoted ?? plain ?? '')
  return await runInProcess([...args, '--json'], { home: cli.home })
}

/** `inject latency ... --for 30s`, without what a document shows around it. */
function commandsIn(markdown: string): string[] {
  return [...markdown.matchAll(/unhappy (inject [a-z][a-z-]+ [^\n`#]*)/g)]
    .map(([, command = '']) => command.trim())
    .filter((command) => !command.includes('--help') && !command.includes('...'))
}

/** Documents whose commands name links of a user's system. */
const ofOtherSystems = new Set(['your-own-system.md', 'system-files.md', 'flow-files.md'])

async function shownCommands(): Promise<string[]> {
  const pages = (await readdir(join(projectRoot, 'docs'))).filter(
    (name) => name.endsWith('.md') && !ofOtherSystems.has(name),
  )
  const texts = await Promise.all(
    ['README.md', ...pages.map((page) => join('docs', page))].map(
      async (file) => await readFile(join(projectRoot, file), 'utf8'),
    ),
  )
  return texts.flatMap(commandsIn)
}

async function unavailable(): Promise<ReadonlySet<string>> {
  const { stdout } = await runInProcess(['open', '--json'], { home: cli.home })
  const { url } = JSON.parse(stdout) as { readonly url: string }
  const opened = await fetch(url, { redirect: 'manual' })
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  const response = await fetch(`${sandbox.urls.dashboard}/api/catalogue`, { headers: { cookie } })
  const catalogue = (await response.json()) as CatalogueView
  return new Set(catalogue.faults.filter(({ available }) => !available).map(({ kind }) => kind))
}

/** Both APIs have connections to Postgres, and the cache has an entry: faults can affect them. */
async function useShop(): Promise<void> {
  for (const url of sandbox.urls.shop)
    await expect.poll(async () => (await fetch(`${url}/products/tea?fresh=1`)).status).toBe(200)
  await expect
    .poll(async () => (await run("redis 'KEYS product:*'")).stdout)
    .toContain('product:tea')
}

test('every fault that an example or a document injects has a target and affects it', async () => {
  const examples = Object.values(faults).map((fault) => faultExample(fault).replace('unhappy ', ''))
  const commands = new Set([...examples, ...(await shownCommands())])
  expect(commands.size).toBeGreaterThan(examples.length)
  const refused = await unavailable()
  const failures: string[] = []
  for (const command of commands) {
    const kind = command.split(' ')[1] ?? ''
    await useShop()
    const { status, stdout, stderr } = await run(command)
    if (refused.has(kind)) {
      if (status === 0) failures.push(`${command}: injected, although it is unavailable here`)
      continue
    }
    if (status !== 0) {
      failures.push(`${command}: exit status ${status}: ${stderr}`)
      continue
    }
    const active = JSON.parse(stdout) as ActiveFault
    if (active.targets.length === 0) failures.push(`${command}: no target`)
    if (active.hit === 0) failures.push(`${command}: affected nothing (${active.mechanism})`)
    const healed = await run(`heal ${active.id}`)
    if (healed.status !== 0) failures.push(`${command}: not healed: ${healed.stderr}`)
  }
  expect(failures).toEqual([])
})
