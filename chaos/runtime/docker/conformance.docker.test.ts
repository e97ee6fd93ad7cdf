import { system } from '#chaos/system.ts'

import { describeConformance } from '../conformance.ts'
import { describeWithDocker } from './testing/describe-with-docker.ts'
import { useComposeSandbox } from './testing/use-compose-sandbox.ts'

describeWithDocker('with the real docker-compose.yml', () => {
  const sandbox = useComposeSandbox({ withoutController: true })

  describeConformance('docker', {
    topology: system.topology,
    start: async () => await sandbox().connect(),
    brokenEnvironment: { EXERCISE_DIR: '/nowhere' },
    crash: async (_, instance) => {
      // Kills every process in the container except its init. This also ends the exec command
      // itself.
      await sandbox()
        .compose('exec', '-T', instance, 'bash', '-c', 'kill -9 -1')
        .catch(() => '')
    },
  })
})
