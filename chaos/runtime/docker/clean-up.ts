import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import { replicasOf, withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Store } from '#chaos/contracts/topology.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { resume } from './engine/connect-engine.ts'
import { controller, dataPlane } from './project.ts'
import type { Project } from './project.ts'
import { restorePrimary } from './restore-primary.ts'
import { hasClockFile, hasSettings, writeClockFile, writeSettings } from './settings.ts'
import { removeFiller } from './sidecars/fill-disk.ts'
import type { DockerPacketFilter } from './sidecars/packet-filter.ts'
import { stopSidecars } from './sidecars/sidecar.ts'
import type { StartStop } from './start-stop.ts'

export interface CleanUpParts {
  readonly project: Project
  readonly addresses: DirectAddresses
  readonly filter: DockerPacketFilter
  readonly startStop: StartStop
}

const request = { by: 'user' } as const

/**
 * Cleans up what an earlier controller left: sidecars, pauses, limits, packet rules, disk fillers,
 * settings, and instances that it killed. Returns one line for each thing it cleaned up.
 */
export async function cleanUp(parts: CleanUpParts): Promise<readonly string[]> {
  const { project } = parts
  const { targets } = project
  const { instances, stores } = project.topology
  const cleanedUp: string[] = []
  for (const sidecar of await stopSidecars(project))
    cleanedUp.push(`stopped the sidecar ${sidecar}`)
  for (const name of targets) cleanedUp.push(...(await endPause(project, name)))
  const lists = await Promise.all([
    ...targets.map(async (name) => await removeRules(parts, name)),
    ...targets.map(async (name) => await removeLimits(project, name)),
    ...stores.map(async ({ name }) => await clearDisk(project, name)),
  ])
  cleanedUp.push(...lists.flat())
  for (const { name } of optionalStores(project)) cleanedUp.push(...(await endStore(parts, name)))
  for (const { name } of instances) cleanedUp.push(...(await resetSettings(parts, name)))
  for (const { name } of instances) cleanedUp.push(...(await resetClock(project, name)))
  // Stores and links first: an instance is ready only when it reaches them.
  for (const name of [...stores, { name: dataPlane }, ...instances].map((entry) => entry.name))
    cleanedUp.push(...(await startIfDown(parts, name)))
  for (const store of stores) cleanedUp.push(...(await endFailover(parts, store)))
  return cleanedUp
}

/** The stores that run only while a profile is on. */
function optionalStores({ topology }: Project): readonly Store[] {
  return withAllProfiles(topology).stores.filter(({ profile }) => profile !== undefined)
}

async function endStore(
  { project, startStop }: CleanUpParts,
  name: string,
): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (inspection === undefined) return []
  if (await hasSettings(project, name)) await writeSettings(project, name, {})
  if (!inspection.State.Running) return []
  await startStop.kill(name, request)
  return [`${name} ran for a profile: ended`]
}

/** A store that was a primary before a failover is read-only, or it is the replica of its replica. */
async function endFailover(
  { project, addresses }: CleanUpParts,
  store: Store,
): Promise<readonly string[]> {
  if (replicasOf(project.topology, store.name).length === 0) return []
  try {
    if (await hasSettings(project, store.name)) await writeSettings(project, store.name, {})
    if (!(await restorePrimary(store, addresses.storeUrl(store.name)))) return []
    return [
      `${store.name} was not the primary after a failover: it is again, without the later writes`,
    ]
  } catch (error) {
    return [`${store.name} could not be read: ${messageOf(error)}`]
  }
}

async function endPause(project: Project, name: string): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (!inspection?.State.Paused) return []
  await resume(await project.container(name))
  return [`${name} was paused: resumed`]
}

async function removeRules(
  { project, filter }: CleanUpParts,
  name: string,
): Promise<readonly string[]> {
  if (!(await mayHaveRules(project, name))) return []
  return (await filter.flush(name)).map(
    (rule) => `${name} had a leftover packet rule: removed ${rule}`,
  )
}

/**
 * Packet rules are in the running container's namespace. Only a controller that ran while this
 * container ran can have added them.
 */
async function mayHaveRules(project: Project, name: string): Promise<boolean> {
  const inspection = await project.find(name)
  if (!inspection?.State.Running) return false
  const own = await project.inspect(controller)
  const neverRanBefore = own.State.FinishedAt.startsWith('0001-')
  return !neverRanBefore || inspection.State.StartedAt < own.Created
}

async function removeLimits(project: Project, name: string): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (inspection === undefined) return []
  const container = await project.container(name)
  // docker-compose.yml sets no CPU quota; only the fault does.
  if (!inspection.HostConfig.CpuQuota || inspection.HostConfig.CpuQuota < 0) return []
  await container.update({ CpuQuota: -1 })
  return [`${name} had a CPU limit: removed`]
}

async function clearDisk(project: Project, name: string): Promise<readonly string[]> {
  if ((await project.find(name)) === undefined) return []
  return (await removeFiller(project, name))
    ? [`the disk of ${name} was full: removed the filler`]
    : []
}

/** An instance that an earlier controller killed stays down until it is started here. */
async function startIfDown(
  { project, startStop }: CleanUpParts,
  name: string,
): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (inspection === undefined || inspection.State.Running) return []
  try {
    await startStop.start(name, request)
    return [`${name} was down: started`]
  } catch (error) {
    // With one instance down the sandbox still works for inspection.
    return [`${name} was down and could not start: ${messageOf(error)}`]
  }
}

async function resetClock(project: Project, name: string): Promise<readonly string[]> {
  if ((await project.find(name)) === undefined || !(await hasClockFile(project, name))) return []
  await writeClockFile(project, name, '')
  return [`the clock of ${name} was skewed: set right`]
}

async function resetSettings(
  { project, startStop }: CleanUpParts,
  name: string,
): Promise<readonly string[]> {
  const inspection = await project.find(name)
  if (inspection === undefined || !(await hasSettings(project, name))) return []
  await writeSettings(project, name, {})
  if (!inspection.State.Running) return [`${name} had settings of an earlier run: removed`]
  await startStop.stop(name, { ...request, graceMs: 5_000 })
  await startStop.start(name, request)
  return [`${name} ran with settings of an earlier run: restarted with its defaults`]
}
