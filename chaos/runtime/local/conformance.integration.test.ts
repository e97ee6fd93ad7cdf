import { describeRuntime } from '../conformance.ts'
import { startTinyRuntime } from './testing/start-tiny-runtime.ts'

describeRuntime('local', {
  start: startTinyRuntime,
  brokenEnvironment: { MODE: 'broken' },
  crash: async (runtime, instance) => {
    const status = await runtime.status()
    const pid = status.find(({ name }) => name === instance)?.pid
    if (pid === undefined) throw new Error(`${instance} has no process`)
    process.kill(pid, 'SIGKILL')
  },
})
