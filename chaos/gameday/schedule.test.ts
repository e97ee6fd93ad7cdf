import { expect, test } from 'vitest'

import type { Incident } from '#chaos/contracts/gameday/incident.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { usualPace } from './pace.ts'
import { scheduleGameday, scheduleIncident } from './schedule.ts'

const catalogue = system.gamedays?.incidents ?? []
const plan = (seed: number, count = 4) =>
  scheduleGameday(catalogue, { seed, count, pace: usualPace })

test('the same seed gives the same incidents at the same times', () => {
  expect(plan(7)).toEqual(plan(7))
  expect(plan(7).map(({ incident }) => incident.id)).not.toEqual(
    plan(8).map(({ incident }) => incident.id),
  )
})

test('no incident comes twice before all others have come', () => {
  const ids = plan(3, catalogue.length).map(({ incident }) => incident.id)
  expect(new Set(ids).size).toBe(catalogue.length)
  expect(plan(3, catalogue.length + 2)).toHaveLength(catalogue.length + 2)
})

test('a game day of three or more has an incident in which nothing is wrong, and others', () => {
  for (let seed = 0; seed < 60; seed++) {
    const causes = plan(seed, 3).map(({ incident }) => incident.cause)
    expect(causes).toContain(null)
    expect(causes.filter((cause) => cause !== null).length).toBeGreaterThan(0)
  }
})

test('times are within the pace, and the first fault may have a range of its own', () => {
  const [first] = catalogue
  const incident: Incident = {
    ...first!,
    faults: [{ kind: 'latency', target: 'api-1:redis', afterMs: [100, 200] }],
  }
  const seen = Array.from({ length: 50 }, (_, i) =>
    scheduleIncident(incident, createRandom(i), usualPace),
  )
  const [quietMin, quietMax] = usualPace.quietMs
  for (const { quietMs, faultsMs } of seen) {
    expect(quietMs).toBeGreaterThanOrEqual(quietMin)
    expect(quietMs).toBeLessThanOrEqual(quietMax)
    expect(faultsMs[0]).toBeGreaterThanOrEqual(100)
    expect(faultsMs[0]).toBeLessThanOrEqual(200)
  }
  expect(new Set(seen.map(({ faultsMs }) => faultsMs[0])).size).toBeGreaterThan(10)
})

test('the end of the shortest time says nothing about the start of the incident', () => {
  expect(usualPace.shortestMs).toBeGreaterThan(usualPace.quietMs[1])
})
