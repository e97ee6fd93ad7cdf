import { flowsBench } from './flows.ts'
import { framersBench } from './framers.ts'
import { idleBench } from './idle.ts'
import type { Bench } from './lib/bench.ts'
import { linksBench } from './links/index.ts'
import { sandboxBench } from './sandbox.ts'
import { telemetryBench } from './telemetry.ts'
import { trapsBench } from './traps.ts'
import { xrayBench } from './xray.ts'

/** All benches; `npm run bench -- NAME` runs one. */
export const benches: readonly Bench[] = [
  sandboxBench,
  idleBench,
  linksBench,
  framersBench,
  trapsBench,
  flowsBench,
  xrayBench,
  telemetryBench,
]
