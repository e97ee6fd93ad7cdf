import { expect, test } from 'vitest'

import { client } from '../../../../contracts/topology.ts'
import { shop } from '../../../../shop/shop.ts'
import { layOutDown } from './lay-out-down.ts'
import { layOut } from './picture-layout.ts'

const { topology } = shop
const picture = layOutDown({
  instances: topology.instances,
  stores: topology.stores.map(({ name }) => name),
  links: topology.links,
})

test('on a narrow screen, every part of the shop is in the picture, and none covers another one', () => {
  const { boxes, boxSize, width, height } = picture
  const names = [client, ...topology.stores, ...topology.instances].map((part) =>
    typeof part === 'string' ? part : part.name,
  )
  expect(boxes.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
  for (const [i, a] of boxes.entries()) {
    expect(Math.min(a.x, width - a.x)).toBeGreaterThanOrEqual(boxSize.width / 2)
    expect(Math.min(a.y, height - a.y)).toBeGreaterThanOrEqual(boxSize.height / 2)
    for (const b of boxes.slice(i + 1))
      expect(Math.abs(a.x - b.x) >= boxSize.width || Math.abs(a.y - b.y) >= boxSize.height).toBe(
        true,
      )
  }
  expect(picture.links.map(({ name }) => name)).toEqual(topology.links.map(({ name }) => name))
})

test('the client is above what it calls, and a line ends at the edges of its boxes', () => {
  const y = new Map(picture.boxes.map((box) => [box.name, box.y]))
  expect(y.get(client)).toBe(Math.min(...y.values()))
  const line = picture.links.find(({ name }) => name === 'client:api-1')?.path ?? ''
  const numbers = line.match(/-?[\d.]+/g)?.map(Number) ?? []
  expect(numbers.at(1)).toBeCloseTo((y.get(client) ?? 0) + picture.boxSize.height / 2, 0)
  expect(numbers.at(-1)).toBeCloseTo((y.get('api-1') ?? 0) - picture.boxSize.height / 2, 0)
})

test('two parts that call each other have two lines, in both layouts', () => {
  const both = {
    instances: [
      { name: 'api-1', service: 'api' },
      { name: 'payments', service: 'payments' },
    ],
    stores: [],
    links: [
      { name: 'client:api-1', caller: client, callee: 'api-1' },
      { name: 'api-1:payments', caller: 'api-1', callee: 'payments' },
      { name: 'payments:api-1', caller: 'payments', callee: 'api-1' },
    ],
  }
  for (const { links } of [layOut(both), layOutDown(both)]) {
    const [there, back] = links.slice(1).map(({ path }) => path.match(/-?[\d.]+ -?[\d.]+/g) ?? [])
    expect(there?.[0]).not.toBe(back?.at(-1))
    expect(there?.at(-1)).not.toBe(back?.[0])
  }
})
