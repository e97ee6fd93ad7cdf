import { findAdoptions } from '#chaos/adopt/compose/apply/living-adoptions.ts'
import type { LivingAdoption } from '#chaos/adopt/compose/apply/living-adoptions.ts'
import { releaseProject } from '#chaos/adopt/compose/apply/release.ts'
import type { Released } from '#chaos/adopt/compose/apply/release.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { connectEngine } from '#chaos/runtime/docker/engine/connect-engine.ts'

export interface ReleasedLeftovers {
  readonly left: readonly (Released & { readonly project: string })[]
  /** Adoptions whose controllers live. Nothing of them was touched. */
  readonly living: readonly LivingAdoption[]
}

/** Removes what adoptions without a living controller have left, by their labels. Those of other homes count, too. */
export async function releaseLeftovers(clock: Pick<Clock, 'sleep'>): Promise<ReleasedLeftovers> {
  const docker = await connectEngine()
  const adoptions = await findAdoptions(docker)
  const left = adoptions.filter(({ living }) => living === undefined)
  return {
    left: await Promise.all(
      left.map(async ({ project }) => ({
        project,
        ...(await releaseProject(docker, { project }, clock)),
      })),
    ),
    living: adoptions.flatMap(({ living }) => living ?? []),
  }
}
