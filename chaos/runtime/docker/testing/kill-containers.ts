import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { localPort } from '#chaos/contracts/ports.ts'
import type { Random } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { acceptsConnections } from '../../accepts-connections.ts'
import { startComposeSandbox, type ComposeSandbox } from './compose-sandbox.ts'
import { controllerApi } from './controller-api.ts'
import { listPacketRules, listParts, listSidecars } from './list-parts.ts'
import { randomFault } from './random-faults.ts'

const containers = ['chaos', 'links', 'guard'] as const
const victims = ['command', ...containers] as const
type Victim = (typeof victims)[number]

/** Each process alone, and every pair. */
const combinations: readonly (readonly Victim[])[] = [
  ...victims.map((one) => [one]),
  ...victims.flatMap((one, index) => victims.slice(index + 1).map((other) => [one, other])),
]

const faultsAtOnce = 3
/** The longest lease of a random fault, and the time that its end may take. */
const healedWithinMs = 30_000
const unhappy = fileURLToPath(new URL('../../../cli/unhappy.js', import.meta.url))

export interface ContainersKilled {
  readonly killed: string
  /** Active faults after their leases, then what was left after the end of the sandbox. */
  readonly left: readonly string[]
}

/**
 * Starts a sandbox in Docker with the guard, injects faults, and kills a combination of its processes with SIGKILL at a
 * random moment. Every fault must heal at the end of its lease. Then `unhappy down --all` on the host, or Compose if the
 * controller lives, must leave nothing.
 */
export async function killContainers(round: number, random: Random): Promise<ContainersKilled> {
  const sandbox = await startComposeSandbox({ overlays: ['docker-compose.hardened.yml'] })
  try {
    const chosen = combinations[round % combinations.length] ?? []
    const api = await controllerApi(sandbox)
    const command = chosen.includes('command') ? followRun(sandbox) : undefined
    if (command === undefined) {
      const faults = Array.from({ length: faultsAtOnce }, () => randomFault(random))
      // A random fault can be refused, for example a second one of a kind on the same target.
      await Promise.allSettled(faults.map(async (fault) => await api.inject(fault)))
    }
    const momentMs = random.integer(0, command === undefined ? 1_000 : 10_000)
    await setTimeout(momentMs)
    await Promise.all(chosen.map(async (name) => await kill(sandbox, name, command)))
    const active = await activeAfterLeases(sandbox)
    const left = await endAndList(sandbox, chosen.includes('chaos'))
    return { killed: `${chosen.join(' and ')} after ${momentMs} ms`, left: [...active, ...left] }
  } finally {
    await sandbox[Symbol.asyncDispose]()
  }
}

/** A command of the user that follows a run with faults. */
function followRun({ project, folder }: ComposeSandbox): ChildProcess {
  const exec = ['compose', '--project-name', project, 'exec', '-T', 'chaos']
  const check = ['unhappy', 'lab', 'check', 'lab-zero', '--version', 'start']
  return spawn('docker', [...exec, ...check], { cwd: folder, stdio: 'ignore' })
}

/** Kills the program, not its container: so Docker's restart policy applies, as after a real crash. */
async function kill(
  sandbox: ComposeSandbox,
  name: Victim,
  command: ChildProcess | undefined,
): Promise<void> {
  if (name !== 'command')
    return void (await sandbox.compose('exec', '-T', name, 'sh', '-c', 'kill -9 $(pidof node)'))
  if (command === undefined || command.exitCode !== null) return
  const ended = once(command, 'exit')
  command.kill('SIGKILL')
  await ended
}

/** What is still active when every lease must have ended. */
async function activeAfterLeases(sandbox: ComposeSandbox): Promise<readonly string[]> {
  const deadline = performance.now() + healedWithinMs
  for (;;) {
    const active = await activeNow(sandbox)
    if (active.length === 0 || performance.now() > deadline) return active
    await setTimeout(500)
  }
}

async function activeNow(sandbox: ComposeSandbox): Promise<readonly string[]> {
  const list = async (status: string): Promise<readonly string[]> =>
    (await sandbox.compose('ps', '--all', '--status', status, '--services'))
      .split('\n')
      .filter((line) => line !== '')
  const [paused, running] = await Promise.all([list('paused'), list('running')])
  const active = [...paused.map((name) => `paused ${name}`), ...(await listSidecars(sandbox))]
  for (const { name } of system.topology.instances)
    if (running.includes(name) && /DROP/.test(await listPacketRules(sandbox, name)))
      active.push(`packet rule in ${name}`)
  return active
}

/** Ends the sandbox as a user does. Returns the containers, networks, volumes and ports that are left. */
async function endAndList(
  sandbox: ComposeSandbox,
  controllerIsDead: boolean,
): Promise<readonly string[]> {
  if (controllerIsDead) {
    const environment = { ...process.env, UNHAPPY_HOME: sandbox.folder }
    await promisify(execFile)(process.execPath, [unhappy, 'down', '--all'], { env: environment })
  } else await sandbox.compose('down', '--volumes', '--timeout', '5')
  const ports = Array.from({ length: 100 }, (_, offset) => localPort(sandbox.slot, offset))
  const open = await Promise.all(
    ports.map(async (port) => ((await acceptsConnections(port)) ? [`port ${port}`] : [])),
  )
  return [...(await listParts(sandbox)), ...open.flat()]
}
