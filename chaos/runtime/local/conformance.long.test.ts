import { fileURLToPath } from 'node:url'

import { describeRuntime } from '../conformance.ts'
import { startLocalRuntime } from './index.ts'
import { crashByPid } from './testing/crash-by-pid.ts'

describeRuntime('local, with the real shop', {
  start: async () =>
    await startLocalRuntime({ projectRoot: fileURLToPath(new URL('../../..', import.meta.url)) }),
  brokenEnvironment: { EXERCISE_DIR: '/nowhere' },
  crash: crashByPid,
})
