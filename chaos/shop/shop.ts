import type { System } from '#chaos/contracts/system.ts'
import { instances, links, stores } from '#services/topology.ts'

import { flows } from './xray/flows.ts'
import { xray } from './xray/xray.ts'

/** The shop as a system: what a sandbox starts, breaks, reads and judges. */
export const shop: System = {
  name: 'shop',
  topology: { instances, stores, links },

  flows,
  xray,
}
