import { expect, test } from 'vitest'

import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { faults } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { randomScenario } from './random-scenario.ts'

const kinds = Object.values(faults) as readonly AnyFault[]
/** Kinds that may break a promise wherever they hit. */
const wholly = new Set(
  (system.limits ?? []).filter(({ on }) => on === undefined).map(({ fault }) => fault),
)
const scenario = (seed: number, minutes: number, limited = false) =>
  parseScenario(
    randomScenario({
      title: 't',
      kinds,
      system,
      limited,
      random: createRandom(seed),
      durationMs: minutes * 60_000,
    }),
    { file: 'soak', system },
  )

test('ten minutes are a valid scenario with every kind of fault, and the faults overlap', () => {
  const { method } = scenario(3, 10)
  const injected = method.flatMap((step) => ('at' in step ? [step] : []))
  expect(new Set(injected.map(({ inject }) => inject.kind))).toEqual(
    new Set(Object.keys(faults).filter((kind) => !wholly.has(kind))),
  )
  const overlapping = injected.filter(
    ({ at, forMs = 0 }, i) => at + forMs > (injected[i + 1]?.at ?? Infinity),
  )
  expect(overlapping.length).toBeGreaterThan(injected.length / 3)
})

test('what must never happen is checked, and no safety net is off', () => {
  const { expect: expected, shop } = scenario(3, 1)
  const judged = expected.map(({ check }) => check)
  expect(shop.off).toEqual([])
  expect(judged).toEqual(
    expect.arrayContaining(['no-lost-orders', 'charged-at-most-once', 'books-balance']),
  )
  expect(judged).toEqual(expect.arrayContaining(['no-stuck-orders', 'recovers-within']))
})

test('the seed decides the whole method', () => {
  expect(scenario(5, 1)).toEqual(scenario(5, 1))
  expect(scenario(5, 1).method).not.toEqual(scenario(6, 1).method)
})

test('faults that may break a promise are in a scenario of their own', () => {
  const kindsIn = (limited: boolean) =>
    new Set(scenario(4, 5, limited).method.map(({ inject }) => inject?.kind ?? ''))
  expect(kindsIn(true)).toEqual(new Set((system.limits ?? []).map(({ fault }) => fault)))
  for (const kind of wholly) expect(kindsIn(false).has(kind)).toBe(false)
})
