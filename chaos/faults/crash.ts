import { Type } from 'typebox'

import type { FaultContext, FaultRequest, InjectedFault } from '#chaos/contracts/fault.ts'
import { formatDuration, parseDuration } from '#chaos/lib/duration.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { endsAfter, startInstance } from './lib/instances.ts'
import { durationParameter, faultParameters } from './lib/parameters.ts'

interface Params {
  readonly every?: string
  readonly downFor?: string
}

/** A process needs longer to start. */
const everyMinMs = 100
/** Only the state matters, and that needs no probe. */
const probeWithinMs = 50

export const crash = defineFault({
  kind: 'crash',
  description: 'SIGKILL: the process ends at once and runs no more code.',
  outside: 'Out of memory, a segmentation fault, a power cut.',
  target: 'instance',
  example: { target: 'worker-1', params: { downFor: '3s' } },
  params: faultParameters({
    every: Type.Optional(
      durationParameter(
        'Kills one random target at this interval, until the fault is healed. The seed decides which. The first one is killed at once. All targets are killed once when absent.',
      ),
    ),
    downFor: Type.Optional(
      durationParameter(
        'Starts again after this time. When absent: when the fault is healed, or with every: when the supervisor restarts it.',
      ),
    ),
  }),
  inject: (request, context) => {
    const { every, downFor } = request.params
    if (every !== undefined) return crashAtInterval(request, context, intervalOf(every))
    return injectAll({
      mechanism: 'SIGKILL',
      targets: request.targets,
      signal: context.signal,
      // Without the signal: a kill that stops half-way would leave a process that is not waited for.
      apply: (name) => context.runtime.kill(name, { by: request.by }),
      heal: (name, signal) => startInstance(name, request, context, signal),
      ...endsAfter(downFor),
    })
  },
})

function intervalOf(every: string): number {
  const everyMs = parseDuration(every)
  if (everyMs >= everyMinMs) return everyMs
  throw new InputError(`crash: every (${every}) is too short.`, {
    remedy: `Use ${everyMinMs}ms or more.`,
  })
}

/** Kills one target after the other, each after the interval. Disposing ends it and starts those that are down. */
async function crashAtInterval(
  request: FaultRequest<Params>,
  context: FaultContext,
  everyMs: number,
): Promise<InjectedFault> {
  const { clock, note } = context
  const { id, targets } = request
  const over = new AbortController()
  const victims = new Set<string>()
  const restarts = new Set<Promise<void>>()

  const crashOne = async (): Promise<void> => {
    const victim = await chooseVictim(targets, context)
    // None runs at this moment.
    if (victim === undefined || over.signal.aborted) return
    victims.add(victim)
    await context.runtime.kill(victim, { by: request.by })
    note('info', `${id} killed ${victim}.`)
    if (request.params.downFor === undefined) return context.leaveToSupervisor(victim)
    const restart = startLater(victim, parseDuration(request.params.downFor))
    restarts.add(restart)
    void restart.finally(() => restarts.delete(restart))
  }
  const startLater = async (victim: string, downForMs: number): Promise<void> => {
    try {
      await clock.sleep(downForMs, over.signal)
      await startInstance(victim, request, context, over.signal)
    } catch (error) {
      // The heal starts it, or the next crash has ended it again.
      if (!over.signal.aborted) note('warning', `${victim} did not start: ${messageOf(error)}`)
    }
  }
  const keepCrashing = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(everyMs, over.signal)
      await crashOne().catch((error: unknown) => {
        note('warning', `${id} could not kill an instance: ${messageOf(error)}`)
      })
    }
  }

  const [first = ''] = targets
  const injected = await injectAll({
    mechanism: `SIGKILL to one of ${targets.length} every ${formatDuration(everyMs)}`,
    targets,
    signal: context.signal,
    // One crash at the start, whatever the number of targets is. Each of them may be the victim.
    apply: (name) => (name === first ? crashOne() : Promise.resolve()),
    heal: async (name, signal) => {
      over.abort()
      if (victims.has(name)) await startInstance(name, request, context, signal)
    },
  })
  const crashing = keepCrashing().catch(() => undefined)
  return {
    ...injected,
    [Symbol.asyncDispose]: async () => {
      over.abort()
      await Promise.all([crashing, ...restarts])
      await injected[Symbol.asyncDispose]()
    },
  }
}

/** A random one of the targets that run. Undefined: none runs. */
async function chooseVictim(
  targets: readonly string[],
  { runtime, random }: Pick<FaultContext, 'runtime' | 'random'>,
): Promise<string | undefined> {
  // Drawn before the states are known: the same seed chooses the same targets while all of them run.
  const wanted = random.pick(targets)
  const status = await runtime.status({ probeWithinMs })
  const isUp = new Set(
    status.filter(({ state }) => state !== 'absent' && state !== 'exited').map(({ name }) => name),
  )
  const from = targets.indexOf(wanted)
  return [...targets.slice(from), ...targets.slice(0, from)].find((name) => isUp.has(name))
}
