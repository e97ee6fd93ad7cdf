import { Type } from 'typebox'

import type { CodeName, FaultContext } from '#chaos/contracts/fault.ts'
import { pathLengthMax } from '#chaos/contracts/max.ts'
import type { Environment } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { inTurn } from './lib/in-turn.ts'
import { injectAll } from './lib/inject-all.ts'
import { graceDefault, restartInstance } from './lib/instances.ts'
import { durationParameter, environmentParameter, faultParameters } from './lib/parameters.ts'

/** The environment variables that name the seam files of an instance. */
const codeSettings: ReadonlySet<string> = new Set(['EXERCISE_DIR', 'EXPECTED_SEAMS'])

export const deploy = defineFault({
  kind: 'deploy',
  description:
    'Starts another version, one instance after the other: other seam files, other environment. When the fault is healed, the old version is deployed again.',
  outside: 'A release: for a while the old and the new version run at the same time.',
  target: 'instance',
  example: { target: 'worker-1', params: { environment: { WORKER_CONCURRENCY: '1' } } },
  params: faultParameters({
    code: Type.Optional(
      Type.Enum(['judged', 'frozen'], {
        description:
          "Code of the latest run: judged is the version that is checked, frozen is the scenario's version before it.",
      }),
    ),
    exerciseDir: Type.Optional(
      Type.String({
        maxLength: pathLengthMax,
        description: "Folder with the new version's seam files; empty for the shop's own.",
      }),
    ),
    environment: Type.Optional(
      environmentParameter(
        'Environment variables of the new version, added to those that the instance has.',
      ),
    ),
    grace: Type.Optional(
      durationParameter(`Time of each to finish before SIGKILL. ${graceDefault} when absent.`),
    ),
  }),
  inject: async (request, context) => {
    const { params } = request
    const grace = params.grace ?? graceDefault
    const code = codeOf(params, context)
    const before = new Map<string, Environment>()
    return await injectAll({
      mechanism: 'SIGTERM, then a start of the other version',
      targets: request.targets,
      signal: context.signal,
      oneByOne: true,
      apply: (name, signal) =>
        inTurn(context.runtime, name, async () => {
          const old = context.environmentOf(name)
          before.set(name, old)
          const kept = code === undefined ? old : withoutCode(old)
          const environment = { ...kept, ...code, ...params.environment }
          await restartInstance(name, request, context, { grace, environment, signal })
        }),
      heal: (name, signal) =>
        inTurn(context.runtime, name, async () => {
          const environment = before.get(name) ?? {}
          await restartInstance(name, request, context, { grace, environment, signal })
        }),
    })
  },
})

/** Environment that names the new code; undefined: the code stays the same. Throws {@link InputError} for two codes. */
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

/** The new code need not have the seams that were expected of the old code. */
function withoutCode(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !codeSettings.has(name)))
}
