import type { Environment, Runtime } from '#chaos/contracts/runtime.ts'
import { instances } from '#services/topology.ts'

import { exerciseEnvironment } from '../code-versions.ts'
import { resolveTargets } from '../targets.ts'
import type { RunRequest } from './run-request.ts'

/** The environment of each instance in this run, beyond its own defaults. */
export function shopEnvironments(
  request: Pick<RunRequest, 'id' | 'scenario' | 'exercise'>,
  runtime: Pick<Runtime, 'booksFile'>,
): Readonly<Record<string, Environment>> {
  const { off, environment } = request.scenario.shop
  const common: Environment = {
    ...(off.length === 0 ? {} : { NETS_OFF: off.join(',') }),
    ...exerciseEnvironment(request.exercise),
  }
  const ofName = Object.entries(environment).flatMap(([pattern, values]) =>
    resolveTargets('instance', pattern).map((name) => ({ name, pattern, values })),
  )
  // Variables of an instance override those of its service.
  ofName.sort((a, b) => Number(a.name === a.pattern) - Number(b.name === b.pattern))
  return Object.fromEntries(
    instances.map(({ name, service }) => {
      const books = service === 'payments' ? runtime.booksFile?.(request.id) : undefined
      const own = ofName.filter((entry) => entry.name === name).map(({ values }) => values)
      const fresh: Environment = books === undefined ? {} : { BOOKS_FILE: books }
      return [name, Object.assign({}, common, fresh, ...own) as Environment]
    }),
  )
}
