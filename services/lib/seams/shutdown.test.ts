import { expect, test } from 'vitest'

import { keepLog } from '#services/test/kept-log.ts'

import type { Leaving } from '../seams.ts'
import { shutdown } from './shutdown.ts'

const log = keepLog()
const never = async (): Promise<never> => await new Promise<never>(() => {})

function leaving(steps: string[], over: Partial<Leaving> = {}): Leaving {
  const step = (name: string) => async (): Promise<void> => {
    steps.push(name)
  }
  return {
    becomeUnready: () => void steps.push('unready'),
    leaveBalancerMs: 500,
    drainRequests: step('requests'),
    drainJobs: step('jobs'),
    graceMs: 4_000,
    close: step('close'),
    sleep: async (milliseconds) => {
      steps.push(`sleep ${milliseconds}`)
      if (milliseconds === 4_000) await never()
    },
    log,
    ...over,
  }
}

test('leaves the load balancer, drains, and closes its connections last', async () => {
  const steps: string[] = []
  await shutdown(leaving(steps))
  expect(steps).toEqual(['unready', 'sleep 500', 'requests', 'jobs', 'sleep 4000', 'close'])
})

test('exits after the grace period although work is still in progress', async () => {
  const steps: string[] = []
  await shutdown(leaving(steps, { drainJobs: never, sleep: async () => {} }))
  expect(steps).toEqual(['unready', 'requests', 'close'])
  expect(log.lines).toEqual(['warn: work was still in progress'])
})
