import { expect, test } from 'vitest'

import { client } from '../../../../contracts/topology.ts'
import { createRandom } from '../../../../lib/random.ts'
import { shop } from '../../../../shop/shop.ts'
import type { Point } from './curve.ts'
import type { PictureTopology } from './layers.ts'
import { layOut, type PictureLayout } from './picture-layout.ts'

/** A topology from its links; an instance `api-1` belongs to the service `api`. */
function topologyOf(links: readonly string[], stores: readonly string[] = ['postgres']) {
  const ends = links.map((name) => {
    const [caller = '', callee = ''] = name.split(':')
    return { name, caller, callee }
  })
  const names = new Set(ends.flatMap(({ caller, callee }) => [caller, callee]))
  return {
    instances: [...names]
      .filter((name) => name !== client && !stores.includes(name))
      .map((name) => ({ name, service: name.replace(/-\d+$/, '') })),
    stores,
    links: ends,
  } satisfies PictureTopology
}

const shopTopology: PictureTopology = {
  ...shop.topology,
  stores: shop.topology.stores.map(({ name }) => name),
}

const known: Readonly<Record<string, PictureTopology>> = {
  shop: shopTopology,
  'one process and Postgres': topologyOf(['client:notes', 'notes:postgres']),
  '3 workers': topologyOf(
    ['worker-1', 'worker-2', 'worker-3'].flatMap((name) => [`${name}:postgres`, `${name}:redis`]),
    ['postgres', 'redis'],
  ),
  'a gateway, 2 APIs and 3 backends in a chain': topologyOf([
    'client:gateway',
    'gateway:api-1',
    'gateway:api-2',
    'api-1:catalogue',
    'api-2:catalogue',
    'catalogue:pricing',
    'pricing:tax',
    'catalogue:postgres',
    'tax:postgres',
  ]),
  '8 services': topologyOf(
    [
      'client:gateway',
      'gateway:users',
      'gateway:search',
      'gateway:basket',
      'basket:mail',
      'users:mail',
      'basket:billing',
      'users:postgres',
      'search:redis',
      'basket:postgres',
      'basket:redis',
      'billing:postgres',
      'importer:postgres',
      'importer:search',
      'cleaner:redis',
    ],
    ['postgres', 'redis'],
  ),
  'peers that call each other': topologyOf([
    'client:node-1',
    'client:node-2',
    'client:node-3',
    'node-1:node-2',
    'node-2:node-3',
    'node-3:node-1',
    'node-1:postgres',
  ]),
  'one process without links': {
    instances: [{ name: 'alone', service: 'alone' }],
    stores: [],
    links: [],
  },
}

/** Some services with up to three instances, some stores, and links between any of them, also in cycles. */
function randomTopology(seed: number): PictureTopology {
  const random = createRandom(seed)
  const services = Array.from({ length: random.integer(1, 8) }, (_, i) => `service${i}`)
  const instances = services.flatMap((service) =>
    Array.from({ length: random.integer(1, 3) }, (_, i) => ({ name: `${service}-${i}`, service })),
  )
  const stores = ['postgres', 'redis'].slice(random.integer(0, 2))
  const callees = [...instances.map(({ name }) => name), ...stores]
  const callers = [client, ...instances.map(({ name }) => name)]
  const links = Array.from({ length: random.integer(0, 2 * instances.length) }, () => {
    const caller = random.pick(callers)
    const callee = random.pick(callees)
    return { name: `${caller}:${callee}`, caller, callee }
  }).filter(
    ({ name, caller, callee }, i, all) =>
      caller !== callee && all.findIndex((link) => link.name === name) === i,
  )
  return { instances, stores, links }
}

test.each(Object.entries(known))('every part and every link has its place: %s', (_, topology) => {
  expect(mistakesIn(topology)).toEqual([])
})

test('every part and every link has its place in 300 random topologies', () => {
  for (let seed = 1; seed <= 300; seed++)
    expect({ seed, mistakes: mistakesIn(randomTopology(seed)) }).toEqual({ seed, mistakes: [] })
})

/** Parts without a box, boxes that overlap, links that are not drawn or pass through a box, shapes outside of the view box. */
function mistakesIn(topology: PictureTopology): readonly string[] {
  const picture = layOut(topology)
  const { width, height, boxSize, labelSize, boxes, links } = picture
  const parts = [...topology.stores, ...topology.instances.map(({ name }) => name)]
  const outside = ({ x, y }: Point, size: { width: number; height: number }): boolean =>
    x - size.width / 2 < 0 ||
    x + size.width / 2 > width ||
    y - size.height / 2 < 0 ||
    y + size.height / 2 > height
  const drawn = new Set(links.map(({ name }) => name))
  return [
    ...parts
      .filter((name) => boxes.filter((box) => box.name === name).length !== 1)
      .map((name) => `${name} has not one box`),
    ...boxes.filter((box) => outside(box, boxSize)).map(({ name }) => `${name} is outside`),
    ...boxes.flatMap((box, i) =>
      boxes
        .slice(i + 1)
        .filter(
          ({ x, y }) =>
            Math.abs(x - box.x) <= boxSize.width && Math.abs(y - box.y) <= boxSize.height,
        )
        .map(({ name }) => `${name} overlaps ${box.name}`),
    ),
    ...topology.links
      .filter(({ name }) => !drawn.has(name))
      .map(({ name }) => `${name} is not drawn`),
    ...links.flatMap(({ name, path, middle }) => [
      ...pointsOn(path).flatMap((point) => [
        ...coveredBy(point, picture).map((box) => `${name} passes through ${box}`),
        ...(outside(point, { width: 0, height: 0 }) ? [`${name} leaves the view box`] : []),
      ]),
      ...coveredBy(middle, picture).map((box) => `the label of ${name} is in ${box}`),
      ...(outside(middle, labelSize) ? [`the label of ${name} is outside`] : []),
    ]),
  ]
}

test.each(Object.keys(known))('no label overlaps a box or another label: %s', (name) => {
  const { boxes, boxSize, labelSize, links } = layOut(known[name] as PictureTopology)
  const labels = links.map(({ name, middle }) => ({ name, ...middle, ...labelSize }))
  const shapes = [...labels, ...boxes.map((box) => ({ ...box, ...boxSize }))]
  const overlaps = labels.flatMap((label, i) =>
    shapes
      .slice(i + 1)
      .filter(
        (shape) =>
          Math.abs(label.x - shape.x) < (label.width + shape.width) / 2 &&
          Math.abs(label.y - shape.y) < (label.height + shape.height) / 2,
      )
      .map((shape) => `${label.name} and ${shape.name}`),
  )
  expect(overlaps).toEqual([])
})

test('the columns of the shop: the client, the API, what it calls, and workers on the other side', () => {
  expect(columnsOf(layOut(shopTopology))).toEqual([
    ['client'],
    ['api-1', 'api-2'],
    ['postgres', 'redis', 'payments'],
    ['worker-1', 'worker-2'],
  ])
})

test('a chain of services is a row of columns', () => {
  const chain = known['a gateway, 2 APIs and 3 backends in a chain'] as PictureTopology
  expect(columnsOf(layOut(chain))).toEqual([
    ['client'],
    ['gateway'],
    ['api-1', 'api-2'],
    ['catalogue'],
    ['pricing'],
    ['tax'],
    ['postgres'],
  ])
})

test('without a client, the callers are on the left', () => {
  expect(columnsOf(layOut(known['3 workers'] as PictureTopology))).toEqual([
    ['worker-1', 'worker-2', 'worker-3'],
    ['postgres', 'redis'],
  ])
})

test('boxes of a column change places where links would cross', () => {
  // In the order of the topology, `d` is above `c`, and `redis` above `postgres`.
  const crossed = topologyOf(
    ['client:a', 'client:b', 'b:d', 'a:c', 'd:redis', 'c:postgres'],
    ['redis', 'postgres'],
  )
  const [, ...rows] = columnsOf(layOut(crossed))
  expect(rows[0]).toHaveLength(2)
  const next: Readonly<Record<string, string>> = { a: 'c', b: 'd', c: 'postgres', d: 'redis' }
  expect(rows[0]?.map((name) => next[name])).toEqual(rows[1])
  expect(rows[1]?.map((name) => next[name])).toEqual(rows[2])
})

/** The names of the boxes by column, from left to right and from top to bottom. */
function columnsOf({ boxes }: PictureLayout): readonly (readonly string[])[] {
  const xs = [...new Set(boxes.map(({ x }) => x))].toSorted((a, b) => a - b)
  return xs.map((x) =>
    boxes
      .filter((box) => box.x === x)
      .toSorted((a, b) => a.y - b.y)
      .map(({ name }) => name),
  )
}

/** The boxes that contain a point, edges excluded. */
function coveredBy({ x, y }: Point, { boxes, boxSize }: PictureLayout): readonly string[] {
  return boxes
    .filter(
      (box) =>
        Math.abs(x - box.x) < boxSize.width / 2 - 0.1 &&
        Math.abs(y - box.y) < boxSize.height / 2 - 0.1,
    )
    .map(({ name }) => name)
}

/** Points on the curves of SVG path data. */
function pointsOn(path: string): readonly Point[] {
  const numbers = (path.match(/-?[\d.]+/g) ?? []).map(Number)
  const pairs = Array.from({ length: numbers.length / 2 }, (_, i) => ({
    x: numbers[2 * i] ?? 0,
    y: numbers[2 * i + 1] ?? 0,
  }))
  const points = []
  for (let i = 0; i + 3 < pairs.length; i += 3)
    for (let t = 0; t <= 1; t += 0.05) {
      const weights = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3]
      const mix = (axis: 'x' | 'y'): number =>
        weights.reduce((sum, weight, k) => sum + weight * (pairs[i + k]?.[axis] ?? 0), 0)
      points.push({ x: mix('x'), y: mix('y') })
    }
  return points
}
