import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { Lab } from '#chaos/contracts/lab.ts'
import type { InstructorView, ProjectorView } from '#chaos/contracts/workshop.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { LiveView } from '../http/live-views.ts'
import type { MemberStreams } from '../http/member-streams.ts'
import type { SeatDesk } from '../seat-desk.ts'
import type { Workshop } from '../workshop.ts'

export interface RouteParts {
  readonly workshop: Workshop
  /** In teaching order. */
  readonly labs: readonly Lab[]
  readonly clock: Clock
  readonly streams: MemberStreams
  readonly instructor: LiveView<InstructorView>
  readonly projector: LiveView<ProjectorView>
  /** Folder of the built pages. */
  readonly pagesFolder: string
  /** Absent: the host hands out no seats. */
  readonly desk?: SeatDesk
}

/** A Fastify plugin with the routes of one area. */
export type Routes = FastifyPluginAsyncTypebox<RouteParts>
