import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { portsOfSlot } from '#chaos/contracts/ports.ts'

import { acceptsConnections } from '../../accepts-connections.ts'
import { openCacheFolder } from '../cache-folder.ts'
import { readHostConfig } from '../config.ts'
import { instanceVariable, sandboxVariable } from '../keeper/keeper-requests.ts'
import { listCommands, listProcesses } from '../keeper/list-processes.ts'

/**
 * What exists of the sandbox in a slot: processes, listening ports, folders. Empty when nothing is
 * left.
 */
export async function leftoversOf(slot: number, controllerPid: number): Promise<string[]> {
  const sandboxes = path.join(openCacheFolder(readHostConfig()), 'sandboxes')
  const folders = readdirSync(sandboxes).filter((name) => name.startsWith(`${slot}-`))
  return [
    ...folders.map((name) => `folder ${name}`),
    ...(await processesOf(`${sandboxVariable}=${sandboxes}/${slot}-`, controllerPid)),
    ...(await listeningPorts(slot)),
  ]
}

/** The processes of a sandbox by name: its instances, `keeper` and `watchdog`. Only the main process of an instance. */
export async function pidsOf(
  slot: number,
  controllerPid: number,
): Promise<ReadonlyMap<string, number>> {
  const commands = await listCommands()
  const pids = new Map<string, number>()
  const named = new RegExp(`${instanceVariable}=([\\w-]+)@[^\\0 ]*/sandboxes/${slot}-`)
  for (const { pid, session, zombie } of await listProcesses()) {
    if (zombie) continue
    const text = commands?.get(pid) ?? read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
    const owner = new RegExp(`(keeper|watchdog)\\.ts ${controllerPid}(?: |$)`).exec(text)?.[1]
    const name = owner ?? named.exec(commands?.get(pid) ?? read(`/proc/${pid}/environ`))?.[1]
    if (name !== undefined && (session === pid || session === 0)) pids.set(name, pid)
  }
  return pids
}

async function processesOf(mark: string, controllerPid: number): Promise<string[]> {
  const commands = await listCommands()
  const alive = (await listProcesses()).filter(({ zombie }) => !zombie)
  return alive.flatMap(({ pid }) => {
    const environment = commands?.get(pid) ?? read(`/proc/${pid}/environ`)
    const command = commands?.get(pid) ?? read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
    const owners = [`keeper.ts ${controllerPid}`, `watchdog.ts ${controllerPid}`]
    const ours =
      environment.includes(mark) || owners.some((owner) => `${command} `.includes(`${owner} `))
    return ours ? [`process ${pid}: ${command}`] : []
  })
}

async function listeningPorts(slot: number): Promise<string[]> {
  const open = await Promise.all(
    portsOfSlot(slot).map(async (port) => ((await acceptsConnections(port)) ? [port] : [])),
  )
  return open.flat().map((port) => `port ${port}`)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
