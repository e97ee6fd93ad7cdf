import { expect, test } from 'vitest'

import { systemOfParts } from '#chaos/adopt/system-of-parts.ts'

import { readFlow, systemWithFlow } from './load-flow.ts'

const text = 'requests: [{ send: POST /orders, body: { key: "{{id}}" } }]'

test('the name of a flow is that of its file, and its retrying variant has another one', async () => {
  const names = [false, true].map(
    async (retry) => (await readFlow({ path: 'a/order.flow.yaml', text }, retry)).name,
  )
  expect(await Promise.all(names)).toEqual(['order', 'retry-order'])
})

test.each([
  ['retry-order.flow.yaml', /begins with "retry-"/],
  ['my order.flow.yaml', /"my order" of my order\.flow\.yaml is not a valid name of a flow/],
])('%s is refused', async (path, message) => {
  await expect(readFlow({ path, text }, false)).rejects.toThrow(message)
})

test("a user's flow replaces a flow of the system with the same name, and comes first", async () => {
  const topology = { instances: [], stores: [], links: [] }
  const flow = await readFlow({ path: 'order.flow.yaml', text }, false)
  const other = systemWithFlow(systemOfParts({ name: 'other', topology }), {
    ...flow,
    name: 'browse',
  })
  const system = systemWithFlow(
    systemWithFlow(other, { ...flow, file: { ...flow.file, description: 'Old.' } }),
    flow,
  )
  expect(Object.keys(system.flows)).toEqual(['order', 'browse'])
  expect(system.flows['order']?.description).toBe('POST /orders.')
})
