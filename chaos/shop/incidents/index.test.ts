import { expect, test } from 'vitest'

import type { Incident, MitigatingAction } from '#chaos/contracts/gameday/incident.ts'
import { validateParams } from '#chaos/engine/scenario/validate-params.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import { faultNamed } from '#chaos/faults/index.ts'
import { familyOf } from '#chaos/gameday/answers.ts'
import { createPlaces } from '#chaos/gameday/places.ts'
import { scoreIncident } from '#chaos/gameday/score.ts'
import { rightAnswers } from '#chaos/gameday/testing/play-incident.ts'
import { system } from '#chaos/system.ts'

import { gamedays } from './index.ts'

const { incidents } = gamedays
const places = createPlaces(system.topology)

test('there are at least 14 incidents, and in at least 3 of them nothing is wrong', () => {
  expect(incidents.length).toBeGreaterThanOrEqual(14)
  expect(incidents.filter(({ cause }) => cause === null).length).toBeGreaterThanOrEqual(3)
  expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length)
})

test.each(incidents.map((one) => [one.id, one] as const))(
  '%s: faults, places and mitigations exist',
  (_id, { faults, cause, chain, mitigations }) => {
    for (const { kind, target, params = {} } of faults) {
      validateParams(kind, faultNamed(kind).params, params)
      expect(resolveTargets(system.topology, faultNamed(kind).target, target)).not.toHaveLength(0)
    }
    for (const { place } of chain) expect(places.resolve(place)).not.toHaveLength(0)
    expect(chain[0]?.place).toBe(cause?.place)
    expect(mitigations.length > 0).toBe(cause !== null)
    const kinds = [undefined, ...faults.map(({ kind }) => kind)]
    expect(kinds).toContain(cause?.kind)
  },
)

test.each(incidents.map((one) => [one.id, one] as const))(
  '%s: the declared answers and each declared mitigation have every point',
  (_id, incident) => {
    const plans =
      incident.cause === null ? [[]] : incident.mitigations.map(({ actions }) => actions)
    for (const actions of plans) expect(pointsAfter(incident, actions)).toBe(100)
  },
)

test.each(incidents.map((one) => [one.id, one] as const))(
  '%s: a restart of everything has fewer points even if it ends the incident',
  (_id, incident) => {
    const { instances, stores } = system.topology
    const restarts = [...instances, ...stores].map(({ name }) => ({
      action: 'restart' as const,
      target: name,
    }))
    expect(pointsAfter(incident, restarts)).toBeLessThan(90)
  },
)

test('the name of an incident says nothing: no notice and no id contains a kind or a target', () => {
  for (const { id, notice = '', faults } of incidents)
    for (const { kind, target } of faults) {
      expect(`${id} ${notice}`).not.toContain(kind)
      expect(`${id} ${notice}`).not.toContain(target)
    }
})

/** With the right answers, and if the checks hold after these actions and after their repetition. */
function pointsAfter(incident: Incident, actions: readonly MitigatingAction[]): number {
  const taken = actions.map(({ action, target }) => ({
    action,
    target,
    atMs: 30_000,
    touched: places.resolve(target),
    result: '',
  }))
  const answers = [{ ...rightAnswers(incident), atMs: 30_000 }]
  const evidence = { begunAtMs: 10_000, limitMs: 100_000, answers, actions: taken }
  return scoreIncident(incident, { ...evidence, held: true, heldAgain: true }, { places, familyOf })
    .points
}
