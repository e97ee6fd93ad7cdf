import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { createNamedQueues } from '#chaos/lib/named-queues.ts'
import { engineStatusOf } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { watchContainers } from '#chaos/runtime/docker/engine/engine-events.ts'

import { linksContainerOf } from '../plan/adoption-plan.ts'
import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import { attachContainer } from './attach-container.ts'
import { listContainers } from './compose-project.ts'

export interface KeepAttachedParts {
  readonly docker: Docker
  readonly plan: AdoptionPlan
  /** Id of the links container. */
  readonly links: string
  readonly clock: Clock
  readonly warn: (text: string) => void
}

const restartAfterMs = 500

/**
 * Until it is disposed: containers that Compose creates or recreates join the networks of their service when they start, and the links
 * start again when they end. Until then, names resolve to the real services.
 */
export async function keepAttached(parts: KeepAttachedParts): Promise<AsyncDisposable> {
  const { docker, plan, clock, warn } = parts
  const ended = new AbortController()
  const { signal } = ended
  const queues = createNamedQueues()
  const running = new Set<Promise<void>>()
  const track = (what: string, work: () => Promise<void>): void => {
    const done = queues(what, async () => {
      if (!signal.aborted) await work()
    }).catch((error: unknown) => {
      // 404: it was removed in the meantime.
      if (!signal.aborted && engineStatusOf(error) !== 404) warn(`${what}: ${messageOf(error)}`)
    })
    running.add(done)
    void done.finally(() => running.delete(done))
  }
  const attach = (service: string, id: string): void => {
    const member = plan.members.find((one) => one.service === service)
    if (member === undefined) {
      warn(`${service} did not run during the adoption, so it has no links. Adopt again.`)
      return
    }
    track(
      `attaching ${service}`,
      async () => await attachContainer(docker, plan.project, member, id),
    )
  }
  const restartLinks = (): void =>
    track('starting the links again', async () => {
      await clock.sleep(restartAfterMs, signal)
      await docker.getContainer(parts.links).start()
      warn('The links ended and were started again. Open connections through them were lost.')
    })
  const attachAll = async (): Promise<void> => {
    for (const { service, id, running: runs } of await listContainers(docker, plan.project))
      if (runs && plan.members.some((member) => member.service === service)) attach(service, id)
  }
  await watchContainers({
    docker,
    clock,
    signal,
    filters: { event: ['start', 'die'] },
    onEvent: ({ Action: action, Actor: { ID: id = '', Attributes: labels = {} } = {} }) => {
      const service = labels['com.docker.compose.service']
      const isOwn = labels['com.docker.compose.project'] === plan.project
      const isOneOff = labels['com.docker.compose.oneoff'] === 'True'
      if (action === 'die' && labels['name'] === linksContainerOf(plan.project)) restartLinks()
      if (action === 'start' && isOwn && !isOneOff && service !== undefined) attach(service, id)
    },
    onReconnect: () => track('attaching all', attachAll),
  })
  // What started before the stream was open.
  track('attaching all', attachAll)
  return {
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await Promise.all(running)
    },
  }
}
