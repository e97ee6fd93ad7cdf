import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import type { CheckResult } from '#chaos/contracts/check.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { startLocalRuntime } from '#chaos/runtime/local/index.ts'
import { system } from '#chaos/system.ts'
import { instances } from '#services/topology.ts'

import { runScenario } from './run.ts'
import type { RunRequest, RunResult } from './run/run-request.ts'
import { createSandbox } from './sandbox.ts'
import type { Sandbox } from './sandbox.ts'
import { parseScenario } from './scenario/parse-scenario.ts'

const projectRoot = join(import.meta.dirname, '../..')
const resources = new AsyncDisposableStack()
let sandbox: Sandbox
let runs = ''
let number = 0

beforeAll(async () => {
  // Inside of the project, because judged code imports the shop's own code.
  await mkdir(join(projectRoot, 'my-work'), { recursive: true })
  runs = await mkdtemp(join(projectRoot, 'my-work', '.engine-'))
  resources.defer(async () => await rm(runs, { recursive: true, force: true }))
  const runtime = resources.use(await startLocalRuntime({ system, projectRoot }))
  const links = createLinkControl(runtime.addresses.proxyUrl)
  sandbox = resources.use(await createSandbox({ system, runtime, links }))
})
afterAll(async () => await resources.disposeAsync())

/** After every test no fault is active and every instance is ready. */
afterEach(async () => {
  sandbox.lift()
  expect(sandbox.faults.list()).toEqual([])
  const links = await sandbox.links.list()
  expect(links.filter(({ enabled, toxics }) => !enabled || toxics.length > 0)).toEqual([])
  const status = await sandbox.runtime.status()
  expect(status.filter(({ state }) => state !== 'ready')).toEqual([])
})

async function run(text: string, more: Partial<RunRequest> = {}): Promise<RunResult> {
  const id = `run-${(number += 1)}`
  const folder = join(runs, id)
  await mkdir(folder)
  return await runScenario(sandbox, {
    id,
    folder,
    scenario: parseScenario(text, { file: 'scenario.yaml', system }),
    seed: 7,
    signal: new AbortController().signal,
    ...more,
  })
}

async function seamFile(name: string, text: string) {
  const folder = await mkdtemp(join(runs, 'code-'))
  await writeFile(join(folder, name), text)
  return { folder, seams: ['place-order'] }
}

const quick = `
title: no fault
steadyState: 500ms
workload: { orders: 10/s, duration: 500ms }
expect: [no-lost-orders]
`

test('a run with traps and faults ends with a verdict and writes its run folder', async () => {
  const { verdict, folder } = await run(`
title: The API dies between COMMIT and its reply, payments is slow
workload: { orders: 20/s, browse: 20/s, duration: 3s }
shop: { stock: { tea: 5000 }, off: [net_stock_never_negative] }
method:
  - when: { link: api-*:postgres, exchange: COMMIT, nth: 6, phase: after }
    inject: { crash: { instance: caller, downFor: 500ms } }
  - at: 500ms
    inject: { latency: { link: worker-*:payments, latencyMs: 100 } }
    for: 1s
expect:
  - no-lost-orders
  - charged-at-most-once
  - books-balance
`)
  expect(verdict).toMatchObject({ outcome: 'held', reasons: [] })
  expect((await readdir(folder)).toSorted()).toEqual([
    'flows.jsonl',
    'history.jsonl',
    'journal.jsonl',
    'logs',
    'traffic.bin',
    'verdict.json',
  ])
  const journal = await readLines<SandboxEvent>(join(folder, 'journal.jsonl'))
  expect(journal[0]).toMatchObject({ type: 'run', what: 'started', seed: 7, run: 'run-1' })
  expect(journal.at(-1)).toMatchObject({ type: 'run', what: 'ended', verdict: { outcome: 'held' } })
  const began = journal.flatMap((event) =>
    event.type === 'phase' && event.what === 'began' ? [event.phase] : [],
  )
  expect(began).toEqual([
    'prepare',
    'steady-state',
    'faults',
    'heal',
    'recovery',
    'final-reads',
    'checks',
  ])
  expectKilledBeforeCut(journal)
  const history = await readLines<Operation>(join(folder, 'history.jsonl'))
  expect(history.map(({ id }) => id)).toEqual(history.map((_, i) => i + 1))
  // Without operations that the shop must refuse, and orders that payments declines.
  const ordinary = history.filter(({ kind, tags }) => kind === 'place-order' && tags.length === 0)
  expect(ordinary).toHaveLength(90)
  expect(await readFile(join(folder, 'logs', 'api-1.log'), 'utf8')).not.toBe('')
  expect(await realpath(join(runs, 'latest'))).toBe(await realpath(folder))
  expect(await constraints()).not.toContain('net_stock_never_negative')
})

/** The order of events: SIGKILL, exit, cut of the held message. */
function expectKilledBeforeCut(journal: readonly SandboxEvent[]): void {
  const at = (matches: (event: SandboxEvent) => boolean) => journal.findIndex(matches)
  const sprung = at((event) => event.type === 'trap' && event.what === 'sprung')
  const killed = at(
    (event) =>
      event.type === 'instance' && event.signal === 'SIGKILL' && journal.indexOf(event) > sprung,
  )
  const cut = at((event) => event.type === 'trap' && event.what === 'released')
  expect(sprung).toBeGreaterThan(0)
  expect(killed).toBeGreaterThan(sprung)
  expect(cut).toBeGreaterThan(killed)
}

test('a trap that never sprang and a fault that changed no data make the run inconclusive', async () => {
  const { verdict } = await run(`
title: No orders
steadyState: 500ms
workload: { browse: 20/s, duration: 1s }
method:
  - when: { link: api-*:postgres, exchange: COMMIT, nth: 6, phase: after }
    inject: { crash: { instance: caller } }
  - at: 100ms
    inject: { latency: { link: api-2:payments, latencyMs: 100 } }
expect:
  - availability: { of: browse, atLeast: 0.9 }
`)
  expect(verdict.outcome).toBe('inconclusive')
  expect(verdict.reasons).toEqual([
    expect.stringMatching(/^method\[0\]: crash on caller .* never happened/),
    expect.stringMatching(/^method\[1\]: latency on api-2:payments .* no data/),
  ])
})

/** Resolves some time after every instance has started: the preparation is over then. */
function longAfterTheStart(): Promise<void> {
  const started = new Set<string>()
  const { promise, resolve } = Promise.withResolvers<void>()
  let figures = 0
  const end = sandbox.journal.subscribe((event) => {
    if (event.type === 'instance' && event.state === 'ready') started.add(event.instance)
    // One event a second.
    if (event.type === 'figures' && started.size === instances.length) figures += 1
    if (figures === 4) resolve()
  })
  return promise.finally(end)
}

test('the load begins when the contract probes have ended; a broken promise ends the check after the scenario', async () => {
  const broken: CheckResult = {
    name: 'contract',
    title: 'a promise',
    outcome: 'violated',
    summary: 'A promise is broken.',
    offenders: [],
    offendersTotal: 0,
  }
  const { verdict, folder } = await run(quick, {
    probeContract: async () => {
      await longAfterTheStart()
      return broken
    },
    sweep: { budgetMs: 1, run: async () => expect.unreachable() },
  })
  expect(verdict).toMatchObject({ outcome: 'violated', headline: broken.summary })
  expect(verdict.checks.map(({ name }) => name)).toEqual([
    'no-lost-orders',
    'responses-are-true',
    'refusals-are-true',
    'contract',
  ])
  const journal = await readLines<SandboxEvent>(join(folder, 'journal.jsonl'))
  const seen = journal.flatMap((event) => {
    if (event.type === 'phase') return [`${event.phase} ${event.what}`]
    return event.type === 'check' || event.type === 'operation' ? [event.type] : []
  })
  expect(seen.slice(0, 5)).toEqual([
    'prepare began',
    'check',
    'prepare ended',
    'steady-state began',
    'operation',
  ])
})

test('judged code that does not run is an input error; the next run works', async () => {
  const exercise = await seamFile('place-order.ts', 'export const placeOrder = () => {')
  const running = run(quick, { exercise })
  await expect(running).rejects.toThrow(InputError)
  await expect(running).rejects.toThrow('place-order.ts')
  const { verdict } = await run(quick)
  expect(verdict.outcome).toBe('held')
})

test('a file that matches no seam and a missing seam are errors', async () => {
  const exercise = await seamFile('place-ordre.ts', 'export const placeOrdre = () => {}')
  await expect(run(quick, { exercise })).rejects.toThrow('place-ordre')
  const empty = await seamFile('notes.md', 'nothing')
  await expect(run(quick, { exercise: empty })).rejects.toThrow('place-order')
})

test('a run whose happy path fails twice, and works with the shop in between, is violated', async () => {
  const exercise = await seamFile(
    'place-order.ts',
    `export const placeOrder = () => async () => { throw new Error('not done yet') }`,
  )
  const { verdict } = await run(quick, { exercise })
  // On a busy machine it is inconclusive.
  expect(verdict.outcome).not.toBe('held')
  expect(verdict.headline).toMatch(/\d+ of \d+ operations failed/)
})

test('code that ends its instance is named, with the exit status, in the verdict and in the journal', async () => {
  const exercise = await seamFile(
    'place-order.ts',
    'export const placeOrder = () => process.exit(3)',
  )
  const { verdict, folder } = await run(quick, { exercise })
  expect(verdict.outcome).not.toBe('held')
  expect(verdict.headline).toMatch(/api-[12] ended by itself \(exit status 3\)/)
  const journal = await readLines<SandboxEvent>(join(folder, 'journal.jsonl'))
  expect(notesIn(journal)).toContainEqual(expect.stringMatching(/exit status 3/))
  expect((await run(quick)).verdict.outcome).toBe('held')
})

test('code that blocks the event loop is named, with the time', async () => {
  const exercise = await seamFile(
    'place-order.ts',
    `import { placeOrder as place } from '#services/api/seams/place-order.ts'
     let blocked = false
     export const placeOrder = (...given) => {
       for (const end = Date.now() + 2_000; !blocked && Date.now() < end; );
       blocked = true
       return place(...given)
     }`,
  )
  const { folder } = await run(quick, { exercise })
  const journal = await readLines<SandboxEvent>(join(folder, 'journal.jsonl'))
  expect(notesIn(journal)).toContainEqual(
    expect.stringMatching(/event loop of api-[12] was blocked.* for [12]\.?\d*s/),
  )
})

test('code that ends its instance soon after the start is an input error', async () => {
  const exercise = await seamFile(
    'place-order.ts',
    `setTimeout(() => process.exit(9), 1)
     export const placeOrder = () => {}`,
  )
  const running = run(quick, { exercise })
  await expect(running).rejects.toThrow(InputError)
  await expect(running).rejects.toThrow(/status 9/)
})

function notesIn(journal: readonly SandboxEvent[]): string[] {
  return journal.flatMap((event) => (event.type === 'note' ? [event.text] : []))
}

test('an unknown product is an error', async () => {
  const running = run(quick.replace('orders: 10/s', 'orders: 10/s, hot: tee'))
  await expect(running).rejects.toThrow(/"tee".*"tea"/)
})

test('an unknown safety net is an error', async () => {
  const running = run(quick.replace('expect:', 'shop: { off: [net_unknown] }\nexpect:'))
  await expect(running).rejects.toThrow(InputError)
  await expect(running).rejects.toThrow('"net_unknown"')
})

const long = `
title: a long run
steadyState: 500ms
workload: { orders: 10/s, duration: 60s }
method:
  - at: 0s
    inject: { crash: { instance: worker-1 } }
  - at: 0s
    inject: { refuse: { link: 'api-*:redis' } }
expect: [no-lost-orders]
`

function untilCrashed(): Promise<void> {
  return vi.waitFor(
    () => expect(sandbox.faults.list().map(({ kind }) => kind)).toContain('crash'),
    { timeout: 30_000, interval: 20 },
  )
}

test('an aborted run heals everything and has no verdict', async () => {
  const abort = new AbortController()
  const running = run(long, { signal: abort.signal })
  running.catch(() => undefined)
  await untilCrashed()
  abort.abort(new Error('stopped by the test'))
  await expect(running).rejects.toThrow('stopped by the test')
})

test('a halt ends the run', async () => {
  const running = run(long)
  running.catch(() => undefined)
  await untilCrashed()
  const report = await sandbox.halt()
  expect(report.couldNotUndo).toEqual([])
  await expect(running).rejects.toMatchObject({ status: 409 })
})

async function readLines<T>(file: string): Promise<T[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as T)
}

async function constraints(): Promise<string[]> {
  const client = new Client({ connectionString: sandbox.runtime.addresses.databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ conname: string }>('SELECT conname FROM pg_constraint')
  await client.end()
  return rows.map(({ conname }) => conname)
}
