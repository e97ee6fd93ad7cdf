import { createRandom, freshSeed } from '#chaos/lib/random.ts'
import { startComposeSandbox } from '#chaos/runtime/docker/testing/compose-sandbox.ts'
import { controllerApi } from '#chaos/runtime/docker/testing/controller-api.ts'
import { breakFor, randomFault, whatIsLeft } from '#chaos/runtime/docker/testing/random-faults.ts'
import { whyNoDocker } from '#chaos/runtime/docker/testing/why-no-docker.ts'

import { contentHash } from '../../content-hash.ts'
import type { Task, TaskContext, TaskResult } from '../../task.ts'
import { dockerWalkTasks } from '../../walks/walk-tasks.ts'
import { dockerSoakTask } from '../soak-faults-task.ts'
import { adoptSigkillTask } from './adopt-sigkill-task.ts'
import { dockerFaultTasks } from './docker-fault-tasks.ts'
import { dockerLabTasks } from './docker-lab-tasks.ts'
import { dockerSigkillTask } from './docker-sigkill-task.ts'

const atOnce = 3

/** The tasks that need Docker. Without Docker there are none, and a line on standard error gives the reason. */
export function dockerTasks(): readonly Task[] {
  const reason = whyNoDocker()
  if (reason === undefined)
    return [
      ...dockerFaultTasks,
      randomFaults,
      dockerSigkillTask,
      adoptSigkillTask,
      dockerSoakTask,
      ...dockerLabTasks,
      ...dockerWalkTasks,
    ]
  console.error(`The tasks that need Docker are left out: ${reason}.`)
  return []
}

/** Crashes, pauses, partitions and lost packets on random targets. Nothing may be left after a round. */
const randomFaults: Task = {
  name: 'docker/random-faults',
  expected: 'all instances are healthy; no pause, rule or sidecar is left',
  times: 50,
  hash: async () =>
    await contentHash('docker-compose.yml', 'chaos/runtime/docker', 'chaos/faults', 'chaos/engine'),
  run: async ({ shared }: TaskContext): Promise<TaskResult> => {
    const sandbox = await shared.get('docker', async () => await startComposeSandbox())
    const api = await controllerApi(sandbox)
    const random = createRandom(freshSeed())
    const requests = Array.from({ length: atOnce }, () => randomFault(random))
    const what = requests.map(({ kind, target }) => `${kind} ${target}`).join(', ')
    await breakFor(api, requests)
    const left = await whatIsLeft(sandbox, api)
    if (left.length === 0) return { ok: true, detail: what }
    await shared.drop('docker')
    return { ok: false, detail: `${what}; left: ${left.join(', ')}; seed ${random.seed}` }
  },
}
