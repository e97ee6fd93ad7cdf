import { expect, test } from 'vitest'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import type { DirectSocket } from '../plan/connections.ts'
import { leadThroughLinks } from './lead-through-links.ts'

const plan = {
  members: [
    {
      service: 'web',
      containers: [
        { id: 'w1', service: 'web', number: 1 },
        { id: 'w2', service: 'web', number: 2 },
      ],
    },
    { service: 'db', containers: [{ id: 'd1', service: 'db', number: 1 }] },
  ],
} as unknown as Pick<AdoptionPlan, 'members'>

const of = (container: string): DirectSocket => {
  const address = '10.0.0.2:5432'
  return { caller: 'web', callee: 'db', port: 5432, key: container, container, address }
}

async function lead(found: readonly (readonly DirectSocket[])[], uncut: readonly string[]) {
  const done: string[] = []
  const finds = [...found]
  const left = await leadThroughLinks(
    {
      plan,
      lifecycle: {
        kill: async (name, { planned }) => void done.push(`kill ${name} ${planned}`),
        start: async (name) => void done.push(`start ${name}`),
      },
      find: async () => finds.shift() ?? [],
      cut: async (direct) => direct.filter(({ container }) => uncut.includes(container ?? '')),
    },
    { by: 'scenario' },
  )
  return { done, left }
}

test('a connection that the kernel cuts restarts nothing', async () => {
  expect(await lead([[of('w1')]], [])).toEqual({ done: [], left: [] })
})

test('only the callers whose connections cannot be cut are restarted', async () => {
  const { done, left } = await lead([[of('w1'), of('w2')], []], ['w2'])
  expect(done).toEqual(['kill web-2 true', 'start web-2'])
  expect(left).toEqual([])
})

test('a connection that comes back is named: it uses a fixed address', async () => {
  const { left } = await lead([[of('w1')], [of('w1')]], ['w1'])
  expect(left).toEqual(['web -> db:5432'])
})

test('a connection from outside of the project stays', async () => {
  const outside = { ...of('x'), caller: 'host' }
  const { container: _, ...program } = outside
  expect(await lead([[program]], [])).toEqual({ done: [], left: [] })
})
