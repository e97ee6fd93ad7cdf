import { join as joinPath } from 'node:path'

import { localHosts } from '#chaos/api/http/guard-requests.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { IncidentOption } from '#chaos/contracts/workshop.ts'
import { projectRoot } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { hostAddresses, localAddress } from './host-addresses.ts'
import { createHostApp } from './host-app.ts'
import { createLiveView } from './http/live-views.ts'
import { createMemberStreams } from './http/member-streams.ts'
import { newSettings } from './join-workshop.ts'
import { openDesk } from './open-desk.ts'
import type { SeatDeskOptions } from './open-desk.ts'
import { openEventStore } from './store/event-store.ts'
import type { EventStore } from './store/event-store.ts'
import type { StoredEvent } from './store/events.ts'
import { applyEvent, createWorkshopState } from './store/workshop-state.ts'
import type { WorkshopState } from './store/workshop-state.ts'
import { createWorkshop } from './workshop.ts'

export interface HostOptions {
  /** The folder of this workshop. A folder with a workshop continues it. */
  readonly folder: string
  readonly title: string
  readonly labs: readonly Lab[]
  /** Incidents that the instructor can send. */
  readonly incidents?: readonly IncidentOption[]
  readonly clock: Clock
  /** The address to listen on, such as `127.0.0.1` or `0.0.0.0`. */
  readonly address: string
  /** 0: any free port. */
  readonly port: number
  /** More host names or addresses by which learners reach this machine. The first one is in the QR code. */
  readonly names: readonly string[]
  /** The host runs in a container, and its port is published. */
  readonly isInContainer?: boolean
  /** Absent: learners have sandboxes of their own. */
  readonly seats?: SeatDeskOptions
}

export interface RunningHost extends AsyncDisposable {
  /** Where learners join; the first one is in the QR code. */
  readonly urls: readonly string[]
  readonly title: string
  readonly code: string
  readonly instructorUrl: string
  readonly projectorUrl: string
  /** Learners who had joined before this start. */
  readonly learners: number
  /** Whether the folder had a workshop. */
  readonly isContinued: boolean
}

/** Starts the host of one workshop. Throws {@link InputError} if the folder or the port is in use, or a name is not valid. */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const { clock, labs } = options
  const names = hostAddresses(options)
  await using parts = new AsyncDisposableStack()
  let onStored: (event: StoredEvent) => void = () => undefined
  const kept = openState(options, (event) => onStored(event))
  const { state, learners } = kept
  const store = parts.use(kept.store)
  const urls: string[] = []
  const streams = createMemberStreams(() => touch())
  const join = { urls, code: store.settings.code }
  const { incidents = [] } = options
  const { isOnline } = streams
  const desk =
    options.seats === undefined
      ? undefined
      : parts.use(
          await openDesk(options.seats, {
            folder: options.folder,
            store,
            state,
            clock,
            onChanged: () => touch(),
          }),
        )
  const seats = desk === undefined ? undefined : () => desk.rows()
  const workshop = createWorkshop({ store, state, labs, incidents, join, clock, isOnline, seats })
  const instructor = parts.use(createLiveView(clock, () => workshop.instructorView()))
  const projector = parts.use(createLiveView(clock, () => workshop.projectorView()))
  const touch = (): void => {
    instructor.touch()
    projector.touch()
  }
  onStored = (event) => {
    touch()
    if (event.kind !== 'push') return
    streams.send(event.to, { ...event.push, seq: event.seq, at: event.at })
  }
  const hosts = new Set([...localHosts, ...names])
  const pagesFolder = joinPath(projectRoot, 'chaos', 'dashboard', 'dist')
  const app = await createHostApp({
    workshop,
    labs,
    clock,
    streams,
    instructor,
    projector,
    hosts,
    pagesFolder,
    ...(desk !== undefined && { desk }),
  })
  parts.defer(async () => app.close())
  const port = await listen(app, options)
  if (desk !== undefined) parts.use(await desk.listen((one) => app.server.emit('connection', one)))
  urls.push(...names.map((name) => `http://${name}:${port}`))
  const { settings } = store
  const local = `http://${localAddress(options.address)}:${port}`
  const running = parts.move()
  return {
    urls,
    title: settings.title,
    code: settings.code,
    instructorUrl: `${local}/instructor#token=${settings.instructorToken}`,
    projectorUrl: `${local}/projector#token=${settings.projectorToken}`,
    learners,
    isContinued: kept.isContinued,
    [Symbol.asyncDispose]: async () => running[Symbol.asyncDispose](),
  }
}

/** The events of the workshop, and the state that follows from them. */
function openState(
  { folder, title, labs, clock }: HostOptions,
  onStored: (event: StoredEvent) => void,
): {
  readonly store: EventStore
  readonly state: WorkshopState
  readonly learners: number
  readonly isContinued: boolean
} {
  const state = createWorkshopState(labs)
  let isContinued = true
  const store = openEventStore({
    folder,
    clock,
    settings: () => {
      isContinued = false
      return newSettings(title, clock)
    },
    onStored: (event) => {
      applyEvent(state, event)
      onStored(event)
    },
  })
  for (const event of store.all()) applyEvent(state, event)
  return { store, state, learners: state.learners.size, isContinued }
}

async function listen(
  app: Awaited<ReturnType<typeof createHostApp>>,
  { address, port }: HostOptions,
): Promise<number> {
  try {
    await app.listen({ host: address, port })
  } catch (error) {
    throw new InputError(`The host cannot listen on ${address}:${port}: ${messageOf(error)}.`, {
      remedy: 'Use another port, for example --port 19901, or another --address.',
      status: 409,
    })
  }
  const bound = app.server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : port
}
