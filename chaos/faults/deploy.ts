import { Type } from 'typebox'

import type { CodeName, FaultContext } from '#chaos/contracts/fault.ts'
import type { Environment } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { inTurn } from './lib/in-turn.ts'
import { injectAll } from './lib/inject-all.ts'
import { graceDefault, startAnew } from './lib/instances.ts'
import { closed, duration, environment } from './lib/parameters.ts'

/** What says which seam files an instance runs. */
const codeSettings: ReadonlySet<string> = new Set(['EXERCISE_DIR', 'EXPECTED_SEAMS'])

export const deploy = defineFault({
  kind: 'deploy',
  description:
    'Another version takes over, one instance after the other: other code in its seams, other environment. Undone, the old one is deployed again.',
  outside: 'A release: for a while old and new run beside each other.',
  target: 'instance',
  example: { target: 'worker-1', params: { environment: { WORKER_CONCURRENCY: '1' } } },
  params: Type.Object(
    {
      code: Type.Optional(
        Type.Enum(['judged', 'frozen'], {
          description:
            "Code of the latest run: judged is the version under check, frozen the scenario's version before it.",
        }),
      ),
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
  inject: async (order, context) => {
    const { params } = order
    const grace = params.grace ?? graceDefault
    const code = codeOf(params, context)
    const before = new Map<string, Environment>()
    return await injectAll({
      mechanism: 'SIGTERM, then a start of the other version',
      targets: order.targets,
      signal: context.signal,
      oneByOne: true,
      apply: (name, signal) =>
        inTurn(context.runtime, name, async () => {
          const old = context.environmentOf(name)
          before.set(name, old)
          const kept = code === undefined ? old : withoutCode(old)
          const environment = { ...kept, ...code, ...params.environment }
          await startAnew(name, order, context, { grace, environment, signal })
        }),
      undo: (name, signal) =>
        inTurn(context.runtime, name, async () => {
          const environment = before.get(name) ?? {}
          await startAnew(name, order, context, { grace, environment, signal })
        }),
    })
  },
})

/** Settings that name the new code; undefined: it stays the same. Throws {@link InputError} for two of them. */
function codeOf(
  { code, exerciseDir }: { readonly code?: CodeName; readonly exerciseDir?: string },
  context: Pick<FaultContext, 'codeOf'>,
): Environment | undefined {
  if (code !== undefined && exerciseDir !== undefined)
    throw new InputError(
      `deploy: code (${code}) and exerciseDir (${exerciseDir}) are both given.`,
      {
        remedy: 'Keep one of them.',
      },
    )
  if (code !== undefined) return context.codeOf(code)
  return exerciseDir === undefined ? undefined : { EXERCISE_DIR: exerciseDir }
}

/** What was expected of the old code need not be in the new. */
function withoutCode(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !codeSettings.has(name)))
}
