import type { Runtime } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'

/** The same system, for code that is not trusted: every process that loads a seam file has as few rights as the runtime can give. */
export function confineCode(system: System, { runApart }: Pick<Runtime, 'runApart'>): System {
  const { seams } = system
  if (seams === undefined) return system
  const { probe, probeContracts } = seams
  return {
    ...system,
    seams: {
      ...seams,
      probe: async (path, exportName) =>
        await probe(path, exportName, { confined: true, ...(runApart && { runApart }) }),
      ...(probeContracts === undefined
        ? {}
        : {
            probeContracts: async (request) => await probeContracts({ ...request, confined: true }),
          }),
    },
  }
}
