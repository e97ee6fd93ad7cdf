import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { acceptsConnections } from '../../accepts-connections.ts'
import { openCacheFolder } from '../cache-folder.ts'
import { readHostConfig } from '../config.ts'
import { sandboxVariable } from '../keeper/keeper-requests.ts'
import { listCommands, listProcesses } from '../keeper/list-processes.ts'
import { slotCandidates } from '../slot-candidates.ts'

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

async function processesOf(mark: string, controllerPid: number): Promise<string[]> {
  const commands = await listCommands()
  const alive = (await listProcesses()).filter(({ zombie }) => !zombie)
  return alive.flatMap(({ pid }) => {
    const environment = commands?.get(pid) ?? read(`/proc/${pid}/environ`)
    const command = commands?.get(pid) ?? read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
    const ours = environment.includes(mark) || command.includes(`keeper.ts ${controllerPid}`)
    return ours ? [`process ${pid}: ${command}`] : []
  })
}

async function listeningPorts(slot: number): Promise<string[]> {
  const ports = slotCandidates({ slot }).flatMap((one) => [one.claimPort, ...one.ports])
  const open = await Promise.all(
    ports.map(async (port) => ((await acceptsConnections(port)) ? [port] : [])),
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
