import type { Runtime } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'

/** The same system, for code that is not trusted: every process that loads a seam file has as few rights as the runtime can give. */
export function confineCode(system: System, { runApart }: Pick<Runtime, 'runApart'>): System {
  const { seams } = system
  if (seams === undefined) return system
  return {
    ...system,
    seams: {
      ...seams,
      probe: async (path, exportName) =>
        await seams.probe(path, exportName, { confined: true, ...(runApart && { runApart }) }),
      probeContracts: async (request) =>
        (await seams.probeContracts?.({ ...request, confined: true })) ?? [],
    },
  }
}
