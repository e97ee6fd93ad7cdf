import { messageOf } from '#chaos/lib/errors.ts'
import { instances, stores } from '#services/topology.ts'

import { resume } from './engine/connect-engine.ts'
import { controller, links, targets } from './project.ts'
import type { Project } from './project.ts'
import { hasSettings, writeSettings } from './settings.ts'
import { removeFiller } from './sidecars/fill-disk.ts'
import type { DockerPacketFilter } from './sidecars/packet-filter.ts'
import { stopSidecars } from './sidecars/sidecar.ts'
import type { StartStop } from './start-stop.ts'

export interface RepairParts {
  readonly project: Project
  readonly filter: DockerPacketFilter
  readonly startStop: StartStop
}

const order = { by: 'user' } as const

/**
 * Puts right what an earlier controller left: sidecars, pauses, limits, rules, fillers, settings, and instances that it
 * killed. Returns a line for each thing it mended.
 */
export async function repair(parts: RepairParts): Promise<readonly string[]> {
  const { project } = parts
  const mended: string[] = []
  for (const sidecar of await stopSidecars(project)) mended.push(`stopped the sidecar ${sidecar}`)
  for (const name of targets) mended.push(...(await thaw(project, name)))
  const lists = await Promise.all([
    ...targets.map(async (name) => await clearRules(parts, name)),
    ...targets.map(async (name) => await clearLimits(project, name)),
    ...stores.map(async ({ name }) => await clearFiller(project, name)),
  ])
  mended.push(...lists.flat())
  for (const { name } of instances) mended.push(...(await clearSettings(parts, name)))
  // Stores and links first: an instance is not ready without them.
  for (const name of [...stores, { name: links }, ...instances].map((entry) => entry.name))
    mended.push(...(await bringBack(parts, name)))
  return mended
}

async function thaw(project: Project, name: string): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (!inspection?.State.Paused) return []
  await resume(await project.container(name))
  return [`${name} was paused: resumed`]
}

async function clearRules(
  { project, filter }: RepairParts,
  name: string,
): Promise<readonly string[]> {
  if (!(await mayHaveRules(project, name))) return []
  return (await filter.flush(name)).map((rule) => `${name} had a packet rule left: ${rule}`)
}

/** Rules live in the running container's namespace, and only a controller that ran beside it can have made them. */
async function mayHaveRules(project: Project, name: string): Promise<boolean> {
  const inspection = await project.find(name)
  if (!inspection?.State.Running) return false
  const own = await project.inspect(controller)
  const neverRanBefore = own.State.FinishedAt.startsWith('0001-')
  return !neverRanBefore || inspection.State.StartedAt < own.Created
}

async function clearLimits(project: Project, name: string): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (inspection === undefined) return []
  const container = await project.container(name)
  // docker-compose.yml sets no quota: only the fault does.
  if (!inspection.HostConfig.CpuQuota || inspection.HostConfig.CpuQuota < 0) return []
  await container.update({ CpuQuota: -1 })
  return [`${name} had a limit on its processors: lifted`]
}

async function clearFiller(project: Project, name: string): Promise<readonly string[]> {
  if ((await project.find(name)) === undefined) return []
  return (await removeFiller(project, name)) ? [`the disk of ${name} was full: emptied`] : []
}

/** What an earlier controller killed, nobody would start again. */
async function bringBack(
  { project, startStop }: RepairParts,
  name: string,
): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (inspection === undefined || inspection.State.Running) return []
  try {
    await startStop.start(name, order)
    return [`${name} was down: started`]
  } catch (error) {
    // With one instance down the sandbox is still there to look at.
    return [`${name} was down and does not start: ${messageOf(error)}`]
  }
}

async function clearSettings(
  { project, startStop }: RepairParts,
  name: string,
): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (inspection === undefined || !(await hasSettings(project, name))) return []
  await writeSettings(project, name, {})
  if (!inspection.State.Running) return [`${name} had settings of an earlier run: forgotten`]
  await startStop.stop(name, { ...order, graceMs: 5_000 })
  await startStop.start(name, order)
  return [`${name} ran with settings of an earlier run: restarted with its own`]
}
