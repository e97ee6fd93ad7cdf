import { fileURLToPath } from 'node:url'

import { system } from '#chaos/system.ts'

import { describeConformance } from '../conformance.ts'
import { startLocalRuntime } from './index.ts'
import { crashByPid } from './testing/crash-by-pid.ts'

describeConformance('local, with the real shop', {
  topology: system.topology,
  start: async () =>
    await startLocalRuntime({
      system,
      projectRoot: fileURLToPath(new URL('../../..', import.meta.url)),
    }),
  brokenEnvironment: { EXERCISE_DIR: '/nowhere' },
  crash: crashByPid,
})
