import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'
import { linksBetween } from '#chaos/xray/services.ts'

import { labs } from './index.ts'

const sweeps = labs.flatMap(({ id, sweep }) =>
  sweep === undefined || sweep === 'no-flow' ? [] : [{ id, ...sweep }],
)

test.each(sweeps)(
  'the sweep of $id names a flow and links of the system',
  ({ flow, exchanges }) => {
    expect(Object.keys(system.flows)).toContain(flow)
    expect(exchanges.length).toBeGreaterThan(0)
    for (const { link } of exchanges) expect(linksBetween(link, system.topology)).not.toEqual([])
  },
)
