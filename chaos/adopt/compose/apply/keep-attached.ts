import type { LinkControl } from '#chaos/contracts/links.ts'
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
import { createRefusing } from './create-refusing.ts'
import type { RefusingParts } from './create-refusing.ts'

export interface KeepAttachedParts {
  readonly docker: Docker
  readonly plan: AdoptionPlan
  /** Id of the links container. */
  readonly links: string
  readonly clock: Clock
  readonly warn: (text: string) => void
  /** The data plane with the links. */
  readonly control: RefusingParts['control'] & Pick<LinkControl, 'events'>
}

const restartAfterMs = 500

export interface KeptAttached extends AsyncDisposable {
  /** Whether the link refuses connections, or is about to find out whether its callee accepts them. */
  refuses(link: string): boolean
}

/**
 * Until it is disposed: containers that Compose creates or recreates join the networks of their service when they start, and the links
 * start again when they end. Until then, names resolve to the real services. The links of a service that is down refuse connections.
 */
export async function keepAttached(parts: KeepAttachedParts): Promise<KeptAttached> {
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
  const refuse = createRefusing({ ...parts, signal })
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
    track('starting the links again', async () => await startAgain(parts, signal))
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
      if (action === 'die' && isOwn && service !== undefined)
        track(`the links to ${service}`, async () => await refuse.service(service))
      if (action === 'start' && isOwn && !isOneOff && service !== undefined) attach(service, id)
    },
    onReconnect: () => track('attaching all', attachAll),
  })
  // What started before the stream was open.
  track('attaching all', attachAll)
  const listening = watchFailures(parts, signal, (link) => {
    if (!refuse.follows(link)) track(`the link ${link}`, async () => await refuse.link(link))
  })
  return {
    refuses: (link) => refuse.follows(link),
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await Promise.all([listening, ...running])
    },
  }
}

async function startAgain(
  { docker, links, clock, warn }: KeepAttachedParts,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(restartAfterMs, signal)
  try {
    await docker.getContainer(links).start()
    warn('The links ended and were started again. Open connections through them were lost.')
  } catch (error) {
    if (engineStatusOf(error) !== 404) throw error
    warn('The container of the links was removed. Adopt again: unhappy release, then unhappy adopt')
  }
}

/** A process can close its port without an end of its container. Only a failed connection shows it. */
async function watchFailures(
  { control, warn }: Pick<KeepAttachedParts, 'control' | 'warn'>,
  signal: AbortSignal,
  failed: (link: string) => void,
): Promise<void> {
  try {
    for await (const event of control.events(signal))
      if (event.type === 'link' && event.what === 'upstream-failed') failed(event.link)
  } catch (error) {
    if (!signal.aborted) warn(`Links accept while their callee refuses: ${messageOf(error)}`)
  }
}
