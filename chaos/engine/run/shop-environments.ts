import type { Environment, Runtime } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Instance } from '#chaos/contracts/topology.ts'

import { exerciseEnvironment } from '../code-versions.ts'
import { resolveTargets } from '../targets.ts'
import type { RunRequest } from './run-request.ts'

/** The environment of each instance in this run, beyond its own defaults. */
export function shopEnvironments(
  request: Pick<RunRequest, 'id' | 'scenario' | 'exercise'>,
  system: System,
  runtime: Pick<Runtime, 'fileOf'>,
): Readonly<Record<string, Environment>> {
  const { off, environment } = request.scenario.shop
  const common: Environment = {
    ...(off.length === 0 ? {} : { NETS_OFF: off.join(',') }),
    ...exerciseEnvironment(request.exercise),
  }
  const ofName = Object.entries(environment).flatMap(([pattern, values]) =>
    resolveTargets(system.topology, 'instance', pattern).map((name) => ({ name, pattern, values })),
  )
  // Variables of an instance override those of its service.
  ofName.sort((a, b) => Number(a.name === a.pattern) - Number(b.name === b.pattern))
  return Object.fromEntries(
    system.topology.instances.map((instance) => {
      const { name } = instance
      const file = runtime.fileOf?.(name, request.id)
      const own = ofName.filter((entry) => entry.name === name).map(({ values }) => values)
      const fresh = file === undefined ? {} : system.environmentOf?.(instance, file)
      return [name, Object.assign({}, common, fresh, ...own) as Environment]
    }),
  )
}

/** The variables of an instance that differ from run to run. */
export function variablesOfRun(system: System, instance: Instance): readonly string[] {
  return Object.keys(system.environmentOf?.(instance, '') ?? {})
}
