import path from 'node:path'

import { portsOfSlot } from '#chaos/contracts/ports.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { acceptsConnections } from '../accepts-connections.ts'
import { existingCacheFolders } from './cache-folder.ts'
import { cleanUpSandboxes, findSandboxes } from './clean-up-sandboxes.ts'
import { readHostConfig } from './config.ts'
import { countProcesses } from './remove-sandbox.ts'
import { slotOfFolder } from './sandbox-folder.ts'

/** What exists of a sandbox without a keeper. */
export interface LeftBehind {
  readonly folder: string
  readonly slot: number
  /** False: it belongs to another container or machine, and may be in use there. Nothing removes it. */
  readonly decided: boolean
  readonly processes: number
  /** The ports of its slot that are in use. Empty if another sandbox has the slot. */
  readonly ports: readonly number[]
}

/** What is left of this user's dead sandboxes. Changes nothing. */
export async function findLeftBehind(): Promise<readonly LeftBehind[]> {
  const found = (await Promise.all(sandboxesFolders().map(findSandboxes))).flat()
  const living = found.filter(({ keeper }) => keeper === 'lives')
  const usedSlots = new Set(living.map(({ folder }) => slotOfFolder(folder)))
  const left = found.filter(({ keeper }) => keeper !== 'lives')
  return await Promise.all(
    left.map(async ({ folder, keeper }) => {
      const slot = slotOfFolder(folder)
      const decided = keeper === 'dead'
      return {
        folder,
        slot,
        decided,
        processes: decided ? await countProcesses(folder) : 0,
        ports: decided && !usedSlots.has(slot) ? await portsInUse(slot) : [],
      }
    }),
  )
}

/** Kills and removes what is left of this user's dead sandboxes. Returns one line for each. */
export async function removeLeftBehind(clock: Clock): Promise<readonly string[]> {
  const lines: string[] = []
  for (const folder of sandboxesFolders()) lines.push(...(await cleanUpSandboxes(folder, clock)))
  return lines
}

function sandboxesFolders(): string[] {
  const host = readHostConfig()
  // No sandbox of plain processes runs on other platforms.
  if (host.platform !== 'linux' && host.platform !== 'darwin') return []
  return existingCacheFolders(host).map((folder) => path.join(folder, 'sandboxes'))
}

async function portsInUse(slot: number): Promise<readonly number[]> {
  const inUse = await Promise.all(
    portsOfSlot(slot).map(async (port) => ((await acceptsConnections(port)) ? [port] : [])),
  )
  return inUse.flat()
}
