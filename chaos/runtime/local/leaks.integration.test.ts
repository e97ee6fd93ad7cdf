import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { expect, test, vi } from 'vitest'

import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { findLeftBehind } from './left-behind.ts'
import { leftoversOf, pidsOf } from './testing/leftovers.ts'
import { startTinyRuntime } from './testing/start-tiny-runtime.ts'

/** How many random moments the test tries; `npm run verify` tries 20. */
const rounds = Number(process.env['LEAK_ROUNDS'] ?? 3)
const seed = Number(process.env['LEAK_SEED'] ?? freshSeed())
const random = createRandom(seed)
/** From the first instruction of the controller to some time after everything is ready. */
const momentMaxMs = 2_500
const goneAfterMs = 10_000
const patience = { timeout: goneAfterMs, interval: 100 }
const roundTimeoutMs = 30_000

const pairs = [
  ['keeper', 'controller'],
  ['keeper', 'links'],
  ['keeper', 'watchdog'],
  ['controller', 'links'],
  ['controller', 'watchdog'],
] as const

const program = fileURLToPath(new URL('testing/controller.ts', import.meta.url))

test.for(Array.from({ length: rounds }, () => random.integer(0, momentMaxMs)))(
  `a controller killed after %i ms leaves nothing (seed ${seed})`,
  { timeout: roundTimeoutMs },
  async (momentMs) => {
    await using controller = startController()
    await sleep(momentMs)
    controller.process.kill('SIGKILL')
    await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
  },
)

test('a controller killed when everything is ready leaves nothing', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  expect((await controller.leftovers()).length).toBeGreaterThan(20)
  controller.process.kill('SIGKILL')
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})

test('on Ctrl-C the controller stops everything and exits with 0', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  controller.interrupt()
  await controller.ended()
  expect(controller.process.exitCode).toBe(0)
  expect(await controller.leftovers()).toEqual([])
})

test('on Ctrl-C during the start the controller stops everything', async () => {
  await using controller = startController()
  await vi.waitFor(async () => expect(await controller.leftovers()).not.toEqual([]), {
    timeout: 5_000,
  })
  controller.interrupt()
  await controller.ended()
  expect(await controller.leftovers()).toEqual([])
})

test('when the keeper is killed, the controller stops everything', async () => {
  await using controller = startController()
  const [, keeperPid] = (await controller.says(/^ready (\d+)/)) ?? []
  process.kill(Number(keeperPid), 'SIGKILL')
  await controller.says(/^lost/)
  await controller.ended()
  expect(await controller.leftovers()).toEqual([])
})

test.for(pairs)('when %s and %s are killed at once, nothing is left', async (pair) => {
  await using controller = startController()
  await controller.says(/^ready/)
  await killAll(controller, pair)
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})

test('a frozen instance does not survive its keeper and controller', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  process.kill(await controller.pidOf('worker-1'), 'SIGSTOP')
  await killAll(controller, ['keeper', 'controller'])
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})

test('the keeper starts another watchdog when its watchdog dies', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  const first = await controller.pidOf('watchdog')
  process.kill(first, 'SIGKILL')
  await vi.waitFor(async () => expect(await controller.pidOf('watchdog')).not.toBe(first), patience)
  await killAll(controller, ['keeper', 'controller'])
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})

test('when controller, keeper and watchdog are killed at once, the next start cleans up', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  await killAll(controller, ['watchdog', 'keeper', 'controller'])
  await controller.ended()
  const left = findLeftBehind().then((all) => all.filter(({ slot }) => slot === controller.slot))
  expect(await left).toMatchObject([{ decided: true }])
  const [{ processes = 0, ports = [] } = {}] = await left
  expect(processes).toBeGreaterThan(7)
  expect(ports.length).toBeGreaterThan(20)
  await using runtime = await startTinyRuntime({ slot: controller.slot + 1 })
  expect((await runtime.cleanUp()).join()).toMatch(/sandboxes\/\d+-\d+-/)
  expect(await controller.leftovers()).toEqual([])
})

async function killAll(controller: Controller, names: readonly string[]): Promise<void> {
  // All pids first: the kills must come at the same moment.
  const pids = await Promise.all(names.map(async (name) => await controller.pidOf(name)))
  for (const pid of pids) process.kill(pid, 'SIGKILL')
}

interface Controller extends AsyncDisposable {
  readonly process: ChildProcess
  readonly slot: number
  /** Waits for a line of its output. */
  says(pattern: RegExp): Promise<RegExpExecArray | undefined>
  /** Of `controller`, `keeper`, `watchdog`, or an instance. Rejects if it has no process. */
  pidOf(name: string): Promise<number>
  ended(): Promise<void>
  leftovers(): Promise<string[]>
  /** Sends SIGINT to its whole process group, as a terminal does. */
  interrupt(): void
}

function startController(): Controller {
  // Far from the slots that users and the other tests choose.
  const slot = 2 * createRandom(freshSeed()).integer(15, 34)
  const child = spawn(process.execPath, [program, String(slot)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const leftovers = async () => await leftoversOf(slot, child.pid ?? -1)
  return {
    process: child,
    slot,
    leftovers,
    pidOf: async (name) => {
      const pids = await pidsOf(slot, child.pid ?? -1)
      const pid = name === 'controller' ? child.pid : pids.get(name)
      if (pid === undefined) throw new Error(`${name} has no process`)
      return pid
    },
    says: async (pattern) =>
      await vi.waitFor(
        () => {
          const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null)
          if (match === undefined) throw new Error(`No line ${pattern} in: ${lines.join('\n')}`)
          return match
        },
        { timeout: 15_000 },
      ),
    ended: async () =>
      await vi.waitFor(() => expect(child.exitCode ?? child.signalCode).not.toBeNull(), {
        timeout: goneAfterMs,
      }),
    interrupt: () => void process.kill(-(child.pid ?? Number.NaN), 'SIGINT'),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await vi.waitFor(async () => expect(await leftovers()).toEqual([]), patience)
    },
  }
}
