import { Check } from 'typebox/value'
import { expect, test } from 'vitest'

import type { GamedayView } from '#chaos/contracts/gameday/gameday-view.ts'
import { answeredPlacesMax, nameLengthMax } from '#chaos/contracts/max.ts'
import { ReportSchema } from '#chaos/contracts/workshop.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { AnswersBodySchema } from '../schemas/gameday.ts'
import { fakeGamedays } from '../testing/fake-gamedays.ts'
import { openPushedIncidents } from './pushed-incidents.ts'

const push = {
  type: 'incident',
  id: 'i1',
  incident: 'oak',
  seed: 7,
  limitMs: 240_000,
  seq: 1,
  at: '2030-01-01T00:00:00.000Z',
} as const
const closed = {
  closed: [{ score: { detection: 1, place: 0.5, cause: 0, chain: 0, mitigation: 1, points: 50 } }],
} as unknown as GamedayView

function opened(start: (body: unknown) => Promise<{ readonly ended: Promise<GamedayView> }>) {
  const reports: object[] = []
  const warnings: string[] = []
  const calls: string[] = []
  const bridge = openPushedIncidents({
    gamedays: { ...fakeGamedays(calls), push: start },
    member: { report: async (report) => void reports.push(report) },
    warn: (text) => void warnings.push(text),
  })
  return { ...bridge, reports, warnings, calls }
}

test('the host receives the start, the answers and the scores of its incident', async () => {
  const bodies: unknown[] = []
  const end = Promise.withResolvers<GamedayView>()
  const { onIncident, gamedays, reports } = opened(async (body) => {
    bodies.push(body)
    return { ended: end.promise }
  })
  await onIncident(push)
  gamedays.answer({ wrong: true, where: ['postgres'] })
  end.resolve(closed)
  await expect.poll(() => reports.length).toBe(3)
  // Nothing of the learner's own game days is sent.
  gamedays.answer({ wrong: false })
  expect(bodies).toEqual([{ incident: 'oak', seed: 7, minutes: 4 }])
  expect(reports).toEqual([
    { type: 'incident-state', incident: 'i1', what: 'begun' },
    {
      type: 'incident-answer',
      incident: 'i1',
      isWrong: true,
      where: ['postgres'],
      cause: '',
      chain: [],
      done: '',
    },
    {
      type: 'incident-state',
      incident: 'i1',
      what: 'ended',
      scores: { detection: 1, place: 0.5, cause: 0, chain: 0, mitigation: 1 },
    },
  ])
})

test('the largest answer that the API accepts is a report that the host accepts', async () => {
  const { onIncident, gamedays, reports } = opened(async () => ({
    ended: new Promise(() => undefined),
  }))
  await onIncident(push)
  const places = Array.from({ length: answeredPlacesMax }, () => 'x'.repeat(nameLengthMax))
  const body = {
    wrong: true,
    where: places,
    cause: 'x'.repeat(nameLengthMax),
    chain: places,
    note: 'x'.repeat(2_000),
  }
  gamedays.answer(body)
  expect(Check(AnswersBodySchema, body)).toBe(true)
  const reported = { ...reports.at(-1), id: 'r1', at: push.at }
  expect([reported, Check(ReportSchema, reported)]).toMatchObject([{ where: places }, true])
})

test('an incident that has begun is not refused because a report of it cannot be stored', async () => {
  const reports: string[] = []
  const { onIncident } = openPushedIncidents({
    gamedays: {
      ...fakeGamedays([]),
      push: async () => ({ ended: new Promise(() => undefined) }),
    },
    member: {
      report: async (report) => {
        reports.push('what' in report ? report.what : report.type)
        throw new Error('no space is left on the disk')
      },
    },
    warn: () => undefined,
  })
  await expect(onIncident(push)).rejects.toThrow('no space')
  expect(reports).toEqual(['begun'])
})

test('an incident that cannot begin is refused, and the sandbox says why', async () => {
  const { onIncident, reports, warnings } = opened(async () => {
    throw new InputError('A run is in progress.', { remedy: 'Wait.' })
  })
  await onIncident(push)
  expect(reports).toEqual([{ type: 'incident-state', incident: 'i1', what: 'refused' }])
  expect(warnings.join()).toContain('A run is in progress')
})

test('the host ends only the incident that it sent', async () => {
  const { onIncident, calls } = opened(async () => ({ ended: new Promise(() => undefined) }))
  const endOf = (id: string) => ({ type: 'incident-end', id, seq: 2, at: push.at }) as const
  await onIncident(push)
  await onIncident(endOf('another'))
  const before = calls.length
  await onIncident(endOf('i1'))
  expect([before, calls.length]).toEqual([0, 1])
})
