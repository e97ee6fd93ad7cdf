import type { Bench } from './lib/bench.ts'
import { linksBench } from './links/index.ts'

/** Everything that `npm run bench -- NAME` can measure. */
export const benches: readonly Bench[] = [linksBench]
