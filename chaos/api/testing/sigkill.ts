import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'
import { leftoversOf } from '#chaos/runtime/local/testing/leftovers.ts'

import { homeAt, projectRoot } from '../home.ts'
import { listSandboxFiles } from '../sandbox-file.ts'

export interface KillOrder {
  /** Even rounds kill the command that the user typed, odd ones the controller. */
  readonly round: number
  readonly random: Random
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface KillResult {
  /** Who was killed, and when. */
  readonly killed: string
  /** Processes, ports, folders and files that were still there after {@link cleanWithinMs}. */
  readonly left: readonly string[]
}

const cleanWithinMs = 10_000
/** From before anything runs until well after everything does. */
const latestMomentMs = 9_000
/** Beyond those that people use. */
const firstSlot = 70

/** Starts `unhappy up`, freezes an instance when it can, kills at a random moment with SIGKILL, and looks what is left. */
export async function killAtRandomMoment(order: KillOrder): Promise<KillResult> {
  const { round, random, clock, signal } = order
  const slot = firstSlot + (round % 20)
  const home = homeAt(await mkdtemp(join(projectRoot, '.unhappy', 'sigkill-')))
  const command = spawn(
    process.execPath,
    [join(projectRoot, 'chaos/cli/unhappy.js'), 'up', '--sandbox', String(slot)],
    { stdio: 'ignore', env: { ...process.env, UNHAPPY_HOME: home.folder } },
  )
  const momentMs = random.integer(0, latestMomentMs)
  const frozen = await freezeWhenReady(home.sandboxes, {
    clock,
    signal,
    untilMs: clock.now() + momentMs,
  })
  const [file] = await listSandboxFiles(home.sandboxes)
  const victim = round % 2 === 0 || file === undefined ? 'the command' : 'the controller'
  process.kill(victim === 'the command' ? (command.pid ?? 0) : (file?.pid ?? 0), 'SIGKILL')
  const left = await leftAfter(slot, file?.pid ?? 0, order)
  const files = (await listSandboxFiles(home.sandboxes)).map((one) => `file of sandbox ${one.slot}`)
  command.kill('SIGKILL')
  await rm(home.folder, { recursive: true, force: true })
  const state = file === undefined ? 'starting' : frozen ? 'up, with a frozen instance' : 'up'
  return { killed: `${victim} after ${momentMs} ms (${state})`, left: [...left, ...files] }
}

/** A frozen process cannot take itself down: the hardest case. */
async function freezeWhenReady(
  sandboxes: string,
  wait: { readonly clock: Clock; readonly signal: AbortSignal; readonly untilMs: number },
): Promise<boolean> {
  let frozen = false
  while (wait.clock.now() < wait.untilMs) {
    const files: readonly SandboxFile[] = frozen ? [] : await listSandboxFiles(sandboxes)
    const file = files[0]
    if (file !== undefined)
      frozen = await fetch(`${file.url}/api/faults`, {
        method: 'POST',
        headers: { authorization: `Bearer ${file.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'pause', target: 'worker-1' }),
      }).then(
        (response) => response.ok,
        () => false,
      )
    await wait.clock.sleep(20, wait.signal)
  }
  return frozen
}

async function leftAfter(
  slot: number,
  controllerPid: number,
  { clock, signal }: KillOrder,
): Promise<readonly string[]> {
  const deadline = clock.now() + cleanWithinMs
  for (;;) {
    const left = await leftoversOf(slot, controllerPid)
    if (left.length === 0 || clock.now() > deadline) return left
    await clock.sleep(200, signal)
  }
}
