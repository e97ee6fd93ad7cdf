import { Type } from 'typebox'

import type { CodeName, FaultContext, FaultRequest } from '#chaos/contracts/fault.ts'
import { pathLengthMax } from '#chaos/contracts/max.ts'
import type { Environment } from '#chaos/contracts/runtime.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { isEndedBeforeReady } from '#chaos/lib/ended-before-ready.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { inTurn } from './lib/in-turn.ts'
import { injectAll } from './lib/inject-all.ts'
import { graceDefault, restartInstance, stopInstance } from './lib/instances.ts'
import { durationParameter, environmentParameter, faultParameters } from './lib/parameters.ts'

/** The environment variables that name the seam files of an instance. */
const codeSettings: ReadonlySet<string> = new Set(['EXERCISE_DIR', 'EXPECTED_SEAMS'])

const mechanism = 'SIGTERM, then a start of the other version'
const strategies = ['one-by-one', 'rolling', 'all-at-once'] as const

export const deploy = defineFault({
  kind: 'deploy',
  description:
    'Starts another version, one instance after the other: other seam files, other environment. An instance whose new version does not start is down; the supervisor tries again and again. When the fault is healed, the old version is deployed again.',
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
    strategy: Type.Optional(
      Type.Enum([...strategies], {
        description:
          'one-by-one: one instance after the other, whether or not the new version starts. rolling: the same, but it stops at the first instance that does not become ready; the others keep the old version. all-at-once: every instance at the same time. one-by-one when absent.',
      }),
    ),
    readyWithin: Type.Optional(
      durationParameter(
        'How long the new version may take to become ready. After that the instance stays as it is, and counts as one that does not start. No limit when absent.',
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
    const { strategy = 'one-by-one' } = params
    const before = new Map<string, Environment>()
    const down: string[] = []
    return await injectAll({
      mechanism,
      describe: () => ({ mechanism: describeOutcome(request.targets, before, down) }),
      targets: request.targets,
      signal: context.signal,
      oneByOne: strategy !== 'all-at-once',
      apply: (name, signal) =>
        inTurn(context.runtime, name, async () => {
          if (strategy === 'rolling' && down.length > 0) return
          const old = context.environmentOf(name)
          before.set(name, old)
          const kept = code === undefined ? old : withoutCode(old)
          const environment = { ...kept, ...code, ...params.environment }
          await stopInstance(name, request, context, { grace, signal })
          const { readyWithin } = params
          const how = { environment, signal, ...(readyWithin === undefined ? {} : { readyWithin }) }
          const why = await startNew(name, request, context, how)
          if (why === undefined) return
          down.push(name)
          context.note('warning', `The new version does not start on ${name}: ${why}`)
        }),
      heal: (name, signal) =>
        inTurn(context.runtime, name, async () => {
          const environment = before.get(name)
          if (environment === undefined) return
          await restartInstance(name, request, context, { grace, environment, signal })
        }),
    })
  },
})

/** Starts the new version. Resolves with the reason when it does not start; undefined: it is ready. */
async function startNew(
  name: string,
  { by }: Pick<FaultRequest<unknown>, 'by'>,
  { clock, runtime, leaveToSupervisor }: FaultContext,
  how: {
    readonly environment: Environment
    readonly readyWithin?: string
    readonly signal: AbortSignal
  },
): Promise<string | undefined> {
  const { environment, readyWithin, signal } = how
  const late = new AbortController()
  const ended = new AbortController()
  if (readyWithin !== undefined)
    clock.sleep(parseDuration(readyWithin), ended.signal).then(
      () => late.abort(new Error('too late')),
      () => undefined,
    )
  try {
    const both = AbortSignal.any([signal, late.signal])
    await runtime.start(name, { by, environment, signal: both })
    return undefined
  } catch (error) {
    if (isEndedBeforeReady(error)) {
      leaveToSupervisor(name)
      return error.lastLine
    }
    if (late.signal.aborted && !signal.aborted) return `it is not ready after ${readyWithin}`
    throw error
  } finally {
    ended.abort()
  }
}

/** What was done, and where the new version does not start. */
function describeOutcome(
  targets: readonly string[],
  attempted: ReadonlyMap<string, unknown>,
  down: readonly string[],
): string {
  if (down.length === 0) return mechanism
  const kept = targets.filter((name) => !attempted.has(name))
  return [
    `${mechanism}; it does not start on ${down.join(', ')}`,
    ...(kept.length === 0 ? [] : [`${kept.join(', ')} kept the old version`]),
  ].join('; ')
}

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
