import { Type } from 'typebox'

import { bytesMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectLimit, resourceSupport } from './lib/resources.ts'

export const diskFull = defineFault({
  kind: 'disk-full',
  description: 'The disk that the store writes to is full, except for a few bytes.',
  outside: 'Logs, a write-ahead log that is never removed, a forgotten export.',
  target: 'store',
  example: { target: 'postgres', params: { leaveBytes: 1_000_000 } },
  stores: ['postgres', 'redis'],
  params: faultParameters({
    leaveBytes: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: bytesMax,
        description: 'Bytes that stay free. 0 when absent.',
      }),
    ),
  }),
  support: resourceSupport('disk-full'),
  inject: (request, context) =>
    injectLimit('disk-full', request, context, (limits, name) =>
      limits.fillDisk(name, {
        leaveBytes: request.params.leaveBytes ?? 0,
        leaseMs: request.leaseMs,
      }),
    ),
})
