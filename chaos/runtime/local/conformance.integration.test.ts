import { system } from '#chaos/system.ts'

import { describeConformance } from '../conformance.ts'
import { crashByPid } from './testing/crash-by-pid.ts'
import { startTinyRuntime } from './testing/start-tiny-runtime.ts'

describeConformance('local', {
  topology: system.topology,
  start: startTinyRuntime,
  brokenEnvironment: { MODE: 'broken' },
  crash: crashByPid,
})
