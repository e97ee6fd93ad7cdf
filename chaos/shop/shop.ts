import type { System } from '#chaos/contracts/system.ts'
import { instances, links, profiles, stores } from '#services/topology.ts'

import { assess, isHealthy } from './assess.ts'
import { alwaysJudged, checks } from './checks/index.ts'
import { tellAbout } from './checks/story/tell-about.ts'
import { shopFlowView } from './flow-view.ts'
import { openHeadOffice } from './head-office/change-prices.ts'
import { gamedays } from './incidents/index.ts'
import { limits } from './limits.ts'
import { operations, shopInChecks } from './operations.ts'
import { shopPage } from './page.ts'
import { shopSeams } from './seams/shop-seams.ts'
import { shopTruth } from './truth/shop-truth.ts'
import type { Truth } from './truth/truth.ts'
import { shopWorkload } from './workload/workload.ts'
import { flows } from './xray/flows.ts'
import { xray } from './xray/xray.ts'

/** The shop as a system: what a sandbox starts, breaks, reads and judges. */
export const shop: System<Truth> = {
  name: shopInChecks.name,
  topology: { instances, stores, links, profiles },

  database: {
    program: 'services/database/main.ts',
    environmentFor: ({ off, stock }) => ({
      NETS_OFF: off.join(','),
      STOCK: Object.entries(stock)
        .map(([sku, amount]) => `${sku}=${amount}`)
        .join(','),
    }),
  },
  seamsPath: '/seams',
  composeFile: 'docker-compose.yml',
  // Payments' own storage, behind no link: a fault in the shop never changes the books of another company.
  environmentOf: ({ service }, file) =>
    service === 'payments' ? { BOOKS_FILE: `${file}.sqlite` } : {},

  operations,
  workload: shopWorkload,
  truth: shopTruth,
  checks,
  alwaysJudged,
  assess,
  tellAbout,
  flowView: shopFlowView,
  isHealthy,
  limits,
  seams: shopSeams,
  beginChanges: openHeadOffice,

  page: shopPage,
  gamedays,

  flows,
  xray,
}
