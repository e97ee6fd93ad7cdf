import { setTimeout } from 'node:timers/promises'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { FaultBody } from '#chaos/contracts/api.ts'
import { linksFrom } from '#chaos/contracts/topology.ts'
import type { Random } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { endsAtOnce } from './compose-sandbox.ts'
import type { ComposeSandbox } from './compose-sandbox.ts'
import { listPacketRules, listSidecars } from './list-parts.ts'

const { topology } = system

/** A random crash, pause, partition or packet loss with a short lease. */
export function randomFault(random: Random): FaultBody {
  const { name } = random.pick(topology.instances)
  const leaseMs = random.integer(300, 2_500)
  const links = linksFrom(topology, name)
  const kind = random.pick(
    links.length === 0 ? ['crash', 'pause'] : ['crash', 'pause', 'partition', 'packet-loss'],
  )
  if (kind === 'partition') {
    const direction = random.pick(['both', 'requests', 'replies'])
    return { kind, target: random.pick(links).name, params: { direction }, leaseMs }
  }
  if (kind === 'packet-loss') {
    const probability = random.integer(1, 100) / 100
    return { kind, target: random.pick(links).name, params: { probability }, leaseMs }
  }
  return { kind, target: name, leaseMs }
}

/**
 * Injects all faults at once and waits until every lease has ended. Returns how many were accepted.
 */
export async function breakFor(api: ApiClient, requests: readonly FaultBody[]): Promise<number> {
  const results = await Promise.allSettled(requests.map(async (one) => await api.inject(one)))
  await until(async () => (await api.sandbox()).faults.length === 0, 'some faults are still active')
  return results.filter(({ status }) => status === 'fulfilled').length
}

/** Describes what differs from a healthy sandbox, after the time that it may take to recover. */
export async function whatIsLeft(sandbox: ComposeSandbox, api: ApiClient): Promise<string[]> {
  const left: string[] = []
  for (const [problem, isSo] of [
    ['not every instance is ready', async () => (await api.sandbox()).ready],
    ['not every container is healthy', async () => (await unhealthy(sandbox)).length === 0],
  ] as const)
    await until(isSo, problem).catch((error: unknown) => left.push(String(error)))
  for (const { name } of topology.instances)
    if (/DROP/.test(await listPacketRules(sandbox, name))) left.push(`${name} has a packet rule`)
  const paused = (await sandbox.compose('ps', '--all', '--status', 'paused', '--services')).trim()
  if (paused !== '') left.push(`paused: ${paused}`)
  return [...left, ...(await unhealthy(sandbox)), ...(await listSidecars(sandbox))]
}

/** Containers that Docker does not report as running and healthy. The database job has ended. */
async function unhealthy(sandbox: ComposeSandbox): Promise<readonly string[]> {
  const format = '{{.Service}} {{.State}} {{.Health}}'
  const text = await sandbox.compose('ps', '--all', '--format', format)
  return text
    .split('\n')
    .filter((line) => line !== '' && !endsAtOnce.test(line))
    .filter((line) => !line.endsWith('running healthy'))
}

async function until(isSo: () => Promise<boolean>, problem: string): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`After 60 s ${problem}.`)
    await setTimeout(200)
  }
}
