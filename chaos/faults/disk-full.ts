import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed } from './lib/parameters.ts'
import { injectLimit, resourceSupport } from './lib/resources.ts'

export const diskFull = defineFault({
  kind: 'disk-full',
  description: 'The disk that the store writes to is full, down to a rest.',
  outside: 'Logs, a write-ahead log that nobody collects, a forgotten export.',
  target: 'store',
  example: { target: 'postgres', params: { leaveBytes: 1_000_000 } },
  stores: ['postgres', 'redis'],
  params: Type.Object(
    {
      leaveBytes: Type.Optional(
        Type.Integer({ minimum: 0, description: 'Bytes that stay free. 0 when absent.' }),
      ),
    },
    closed,
  ),
  support: resourceSupport('disk-full'),
  inject: (order, context) =>
    injectLimit('disk-full', order, context, (limits, name) =>
      limits.fillDisk(name, { leaveBytes: order.params.leaveBytes ?? 0, leaseMs: order.leaseMs }),
    ),
})
