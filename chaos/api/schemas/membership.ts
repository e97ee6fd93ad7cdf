import { Type } from 'typebox'

import type { MembershipView } from '#chaos/contracts/workshop.ts'

import { contractSchema, Iso, list, nullable } from './contract-schema.ts'

export const MembershipViewSchema = contractSchema<MembershipView>()(
  Type.Object({
    joined: nullable(
      Type.Object({
        url: Type.String({ description: 'Address of the host.' }),
        name: Type.String(),
        workshop: Type.String({ description: 'Its title.' }),
        joinedAt: Iso,
        acceptsIncidents: Type.Boolean({ description: 'The instructor may start incidents here.' }),
        isLeaving: Type.Boolean({
          description: 'The learner has left: only what waits is still sent.',
        }),
      }),
    ),
    sends: list(Type.String({ description: 'Something that is sent to the host.' })),
    waiting: Type.Integer({ description: 'Reports that the host has not acknowledged.' }),
    sent: Type.Integer({ description: 'Reports that the host has acknowledged.' }),
    lastSent: list(Type.Object({ at: Iso, text: Type.String() })),
    problem: nullable(Type.String({ description: 'Why the last attempt to send failed.' })),
    inbox: list(Type.Unknown({ description: 'A note, a hint or a request of the instructor.' })),
    exercise: Type.Unknown({ description: 'The exercise with its timer, or null.' }),
    sequence: list(Type.String({ description: 'A lab.' })),
    helpAskedAt: nullable(Iso),
  }),
)
