import { expect, test } from 'vitest'

import type { Project } from '#chaos/runtime/docker/project.ts'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import { instanceAt } from './instance-at.ts'

const container = (service: string, number: number) => ({ service, number, restartPolicy: 'no' })
const plan = {
  members: [
    {
      service: 'worker',
      containers: [container('worker', 1), container('worker', 2)],
      networks: [],
    },
    { service: 'web', containers: [container('web', 1)], networks: [] },
  ],
} as unknown as AdoptionPlan
const addresses: Readonly<Record<string, readonly string[]>> = {
  'worker-1': ['172.18.0.4', '10.231.0.3'],
  'worker-2': ['172.18.0.5', '10.231.0.4'],
}
const project = {
  find: async (name: string) => ({
    NetworkSettings: {
      Networks: Object.fromEntries(
        (addresses[name] ?? []).map((IPAddress, at) => [`net-${at}`, { IPAddress }]),
      ),
    },
  }),
} as unknown as Project

test('of replicas, the address says which one it is', async () => {
  expect(await instanceAt(project, plan, 'worker', '10.231.0.4')).toBe('worker-2')
  expect(await instanceAt(project, plan, 'worker', '10.231.0.3')).toBe('worker-1')
  await expect(instanceAt(project, plan, 'worker', '10.231.0.9')).rejects.toThrow('10.231.0.9')
})

test('a service with one container, and a name that is none, need no address', async () => {
  expect(await instanceAt(project, plan, 'web', undefined)).toBe('web')
  expect(await instanceAt(project, plan, 'other', undefined)).toBe('other')
})
