import type { System } from '#chaos/contracts/system.ts'
import { instances, links, stores } from '#services/topology.ts'

import { shopPage } from './page.ts'
import { flows } from './xray/flows.ts'
import { xray } from './xray/xray.ts'

/** The shop as a system: what a sandbox starts, breaks, reads and judges. */
export const shop: System = {
  name: 'shop',
  topology: { instances, stores, links },

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

  page: shopPage,

  flows,
  xray,
}
