import type { ApiSeams } from '#services/api/seams.ts'
import type { LibSeams } from '#services/lib/seams.ts'
import type { WorkerSeams } from '#services/worker/seams.ts'

import type { ServiceName } from './topology.ts'

/** A named place in the shop where another version of one file can replace the shop's own. */
export interface Seam {
  /** Folder under `services/` whose `seams/<name>.ts` is the shop's own version. */
  readonly home: 'api' | 'worker' | 'lib'
  /** The services whose instances load it. */
  readonly services: readonly ServiceName[]
}

export type SeamName = keyof ApiSeams | keyof WorkerSeams | keyof LibSeams

const api: Seam = { home: 'api', services: ['api'] }
const worker: Seam = { home: 'worker', services: ['worker'] }
const lib: Seam = { home: 'lib', services: ['api', 'worker'] }

/** Every seam of the shop. The types are in `<home>/seams.ts`. */
export const seams: Readonly<Record<SeamName, Seam>> = {
  'place-order': api,
  'reserve-stock': api,
  'claim-key': api,
  'quote-order': api,
  'ask-payments': api,
  'read-product': api,
  admission: api,
  liveness: api,
  'receive-payment-event': api,
  'read-order': api,
  'commit-order': api,
  'read-order-message': worker,
  'assess-risk': worker,
  'print-label': worker,
  'charge-order': worker,
  'read-charge': worker,
  'record-payment': worker,
  reconcile: worker,
  'publish-prices': worker,
  migrate: worker,
  'database-pool': lib,
  shutdown: lib,
  'write-order-message': lib,
}

/** The name of the one export of a seam's file: `place-order` exports `placeOrder`. */
export function exportOf(seam: string): string {
  return seam.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}
