import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { FastifyInstance } from 'fastify'

import { localHosts } from '#chaos/api/http/guard-requests.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { createHostApp } from '../host/host-app.ts'
import { createLiveView } from '../host/http/live-views.ts'
import { createMemberStreams } from '../host/http/member-streams.ts'
import { newSettings } from '../host/join-workshop.ts'
import { openEventStore } from '../host/store/event-store.ts'
import { applyEvent, createWorkshopState } from '../host/store/workshop-state.ts'
import { createWorkshop } from '../host/workshop.ts'
import type { Workshop } from '../host/workshop.ts'

export interface OpenWorkshop extends AsyncDisposable {
  readonly app: FastifyInstance
  readonly workshop: Workshop
}

/** A workshop without a port, in a folder of its own. */
export async function openWorkshop(clock: Clock): Promise<OpenWorkshop> {
  await using parts = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-workshop-'))
  parts.defer(async () => rm(folder, { recursive: true }))
  const state = createWorkshopState(labs)
  const settings = () => newSettings('Test', clock)
  const onStored = (event: Parameters<typeof applyEvent>[1]): void => applyEvent(state, event)
  const store = parts.use(openEventStore({ folder, clock, settings, onStored }))
  const streams = createMemberStreams(() => undefined)
  const address = { urls: ['http://127.0.0.1:1'], code: store.settings.code }
  const workshop = createWorkshop({
    store,
    state,
    labs,
    incidents: [{ id: 'g1', title: 'An incident' }],
    join: address,
    clock,
    isOnline: streams.isOnline,
  })
  const instructor = parts.use(createLiveView(clock, () => workshop.instructorView()))
  const projector = parts.use(createLiveView(clock, () => workshop.projectorView()))
  const app = await createHostApp({
    workshop,
    labs,
    clock,
    streams,
    instructor,
    projector,
    hosts: localHosts,
    pagesFolder: folder,
  })
  parts.defer(async () => app.close())
  const running = parts.move()
  return { app, workshop, [Symbol.asyncDispose]: async () => running[Symbol.asyncDispose]() }
}
