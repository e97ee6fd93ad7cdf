import { fileURLToPath } from 'node:url'

import { describeConformance } from '../conformance.ts'
import { startLocalRuntime } from './index.ts'
import { crashByPid } from './testing/crash-by-pid.ts'

describeConformance('local, with the real shop', {
  start: async () =>
    await startLocalRuntime({ projectRoot: fileURLToPath(new URL('../../..', import.meta.url)) }),
  brokenEnvironment: { EXERCISE_DIR: '/nowhere' },
  crash: crashByPid,
})
