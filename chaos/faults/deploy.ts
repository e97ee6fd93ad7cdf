import { Type } from 'typebox'

import type { Environment } from '../contracts/runtime.ts'
import { defineFault } from './lib/define-fault.ts'
import { graceDefault, startAnew } from './lib/instances.ts'
import { closed, duration, environment } from './lib/parameters.ts'
import { injectAll } from './lib/undo.ts'

export const deploy = defineFault({
  kind: 'deploy',
  description:
    'Another version takes over, one instance after the other: other code in its seams, other environment. Undone, the old one is deployed again.',
  outside: 'A release: for a while old and new run beside each other.',
  target: 'instance',
  example: { target: 'worker-1', params: { environment: { WORKER_CONCURRENCY: '1' } } },
  params: Type.Object(
    {
      exerciseDir: Type.Optional(
        Type.String({
          description: "Folder with the new version's seam files; empty for the shop's own.",
        }),
      ),
      environment: Type.Optional(environment),
      grace: Type.Optional(
        duration(`How long each may take to stop. ${graceDefault} when absent.`),
      ),
    },
    closed,
  ),
  inject: (order, context) => {
    const { params } = order
    const grace = params.grace ?? graceDefault
    const before = new Map<string, Environment>()
    return injectAll({
      mechanism: 'SIGTERM, then a start of the other version',
      targets: order.targets,
      signal: context.signal,
      oneByOne: true,
      apply: async (name, signal) => {
        const old = context.environmentOf(name)
        before.set(name, old)
        const folder = params.exerciseDir === undefined ? {} : { EXERCISE_DIR: params.exerciseDir }
        await startAnew(name, order, context, {
          grace,
          environment: { ...old, ...folder, ...params.environment },
          signal,
        })
      },
      undo: (name, signal) =>
        startAnew(name, order, context, { grace, environment: before.get(name) ?? {}, signal }),
    })
  },
})
