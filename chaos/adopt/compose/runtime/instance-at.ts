import type { Project } from '#chaos/runtime/docker/project.ts'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import { instancesOfPlan } from '../plan/plan-adoption.ts'

/** The container of a service that has this IP address on one of its networks. A service with one container needs no address. */
export async function instanceAt(
  project: Pick<Project, 'find'>,
  plan: Pick<AdoptionPlan, 'members'>,
  service: string,
  address: string | undefined,
): Promise<string> {
  const replicas = instancesOfPlan(plan).filter((instance) => instance.service === service)
  const [only] = replicas
  if (replicas.length <= 1) return only?.name ?? service
  for (const { name } of replicas) {
    const networks = (await project.find(name))?.NetworkSettings.Networks ?? {}
    if (Object.values(networks).some(({ IPAddress }) => IPAddress === address)) return name
  }
  throw new Error(
    `No container of ${service} has the address ${address ?? 'of the connection'} now.`,
  )
}
