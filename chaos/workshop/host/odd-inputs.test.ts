import { describe, expect } from 'vitest'

import type { JoinResponse, Report } from '#chaos/contracts/workshop.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { openWorkshop } from '../testing/open-workshop.ts'
import { host, workshopTest as it } from '../testing/workshop-test.ts'
import { exportRows } from './exports/export-rows.ts'

const at = '2030-01-01T00:00:00.000Z'
const lab = 'lab-zero'

const held = (id: string, of: string, more: Partial<Report> = {}): Report =>
  ({ type: 'verdict', id, at, lab: of, run: 'r', outcome: 'held', ...more }) as Report

describe('names', () => {
  it.for([
    ['in other letters', 'Ada', 'aDA', 'aDA (2)'],
    ['with a zero-width space', 'Ada', 'A\u200Bda', 'A\u200Bda (2)'],
    ['in another form of Unicode', 'Zo\u00EB', 'Zoe\u0308', 'Zoe\u0308 (2)'],
    ['in full width', 'Ada', '\uFF21\uFF44\uFF41', '\uFF21\uFF44\uFF41 (2)'],
    ['with the number of the host', 'Ada (2)', 'Ada', 'Ada'],
  ] as const)(
    'a name that looks the same %s gets a number',
    async ([, one, other, shown], { join }) => {
      await join(one, 'first')
      expect((await join(other, 'second')).name).toBe(shown)
    },
  )

  it('three learners with one name have three names', async ({ join }) => {
    const names = ['a', 'b', 'c'].map(async (key) => (await join('Ada', key)).name)
    expect(await Promise.all(names)).toEqual(['Ada', 'Ada (2)', 'Ada (3)'])
  })

  it.for(['\u3164', '\u2800', '\u200B\u2060', '\uFE0F', '  \u00AD '])(
    'a name of which nothing is visible (%j) is refused',
    async (name, { open }) => {
      const payload = { code: open.workshop.settings.code, name, key: 'k'.repeat(32) }
      const response = await open.app.inject({
        method: 'POST',
        url: '/api/join',
        headers: { host },
        payload: { ...payload, acceptsIncidents: false },
      })
      expect([response.statusCode, response.json<{ error: string }>().error]).toEqual([
        400,
        'The name has no letters.',
      ])
    },
  )

  it('marks do not cover other lines, and half a character is replaced', async ({ join }) => {
    expect((await join(`A${'\u0335'.repeat(40)}da`, 'one')).name).toBe(`A${'\u0335'.repeat(3)}da`)
    expect((await join('Bob\uD800', 'two')).name).toBe('Bob\uFFFD')
  })
})

describe('reports', () => {
  it('a lab that the host does not have changes no score', async ({ open, join, report }) => {
    const { token } = await join('Ada')
    await report(token, held('a', lab), held('b', 'invented'), held('c', 'constructor'))
    expect(open.workshop.instructorView()).toMatchObject({
      learners: [{ lab, held: [lab] }],
      scoreboard: { rows: [{ held: 1 }] },
    })
    // Nothing is lost.
    expect(open.workshop.records()[0]?.reports).toHaveLength(3)
  })

  it('a score counts only for an incident that the learner received, and only its parts', async ({
    open,
    join,
    report,
  }) => {
    const [ada, bob] = [await join('Ada', 'a', true), await join('Bob', 'b', true)]
    const to = [ada.learner]
    const { id } = open.workshop.startIncident({ to, incident: 'g1', seed: 1, limitMs: 60_000 })
    const scores = { detection: 1, place: 0.5, invented: 1, more: 1 }
    const ended = { type: 'incident-state', at, incident: id, what: 'ended', scores } as const
    const answer = { where: [], cause: '', chain: [], done: '', isWrong: true }
    for (const { token } of [ada, bob])
      await report(
        token,
        { ...ended, id: 's' },
        { ...answer, type: 'incident-answer', id: 'a', at, incident: id },
      )
    const { scoreboard, incidents } = open.workshop.instructorView()
    expect(scoreboard.rows.map(({ name, incidentScore }) => [name, incidentScore])).toEqual([
      ['Ada', 1.5],
      ['Bob', 0],
    ])
    expect(incidents).toMatchObject([{ answered: 1 }])
  })

  it('an incident ends once', async ({ open, join }) => {
    const { learner } = await join('Ada', 'a', true)
    const body = { to: [learner], incident: 'g1', seed: 1, limitMs: 60_000 }
    const { id } = open.workshop.startIncident(body)
    open.workshop.endIncident(id)
    expect(() => open.workshop.endIncident(id)).toThrow('This incident has ended')
  })

  it('a sandbox that was offline begins no incident that is over, and has the time that is left', async () => {
    let nowMs = Date.parse(at)
    await using open = await openWorkshop({ ...systemClock, wallTimeMs: () => nowMs })
    const { workshop } = open
    const { code } = workshop.settings
    const key = 'k'.repeat(32)
    const { learner } = workshop.join({ code, name: 'Ada', key, acceptsIncidents: true })
    workshop.startIncident({ to: 'all', incident: 'g1', seed: 1, limitMs: 60_000 })
    nowMs += 40_000
    expect(workshop.pushesOf(learner, 0)).toMatchObject([{ type: 'incident', limitMs: 20_000 }])
    nowMs += 20_000
    expect(workshop.pushesOf(learner, 0)).toEqual([])
  })

  it('the projector shows names of checks, and no other text of a learner', async ({
    open,
    join,
    report,
  }) => {
    const { token } = await join('Ada')
    const failed = ['orders-paid', 'constructor', '__proto__', 'Hello room!', '\u202Eevil', '']
    await report(token, held('a', lab, { outcome: 'violated', failed }))
    open.workshop.reveal(lab, true)
    expect(open.workshop.projectorView().predictions?.failed).toEqual({
      'orders-paid': 1,
      constructor: 1,
    })
  })

  it.for([
    '2030-13-01T00:00:00Z',
    '2030-01-32T00:00:00Z',
    '2030-01-01T24:00:00Z',
    '2030-00-10T00:00:00Z',
  ])('the time %s is refused: it does not exist', async (time, { join, report }) => {
    const { token } = await join('Ada')
    const opened = { type: 'lab-opened', id: 'o', at: time, lab } as const
    expect((await report(token, opened)).statusCode).toBe(400)
  })

  it('a clock that was set back gives no negative time', async ({ open, join, report }) => {
    const { token } = await join('Ada')
    const opened = { type: 'lab-opened', id: 'o', at: '2030-01-01T05:00:00Z', lab } as const
    await report(token, opened, held('h', lab))
    expect(exportRows(open.workshop.records(), labs)).toMatchObject([{ heldAt: at }])
    expect(exportRows(open.workshop.records(), labs)[0]).not.toHaveProperty('minutesToHeld')
  })
})

describe('requests', () => {
  it.for(['user@127.0.0.1:19900', '127.0.0.1/evil', '127.0.0.1?x', '127.0.0.1#x', 'a b'])(
    'the header Host %j is refused',
    async (foreign, { open }) => {
      const response = await open.app.inject({ url: '/', headers: { host: foreign } })
      expect(response.statusCode).toBe(421)
    },
  )

  it.for([
    '//api/workshop',
    '/api/workshop/',
    '/API/workshop',
    '/api/%77orkshop',
    '/api/workshop;x=/assets/',
    '/assets/../api/workshop',
    '/assets/%2e%2e/%2e%2e/workshop.db',
    '/assets/..%5c..%5cworkshop.db',
    '/api/workshop/exports/__proto__',
    '/api/workshop/learners/__proto__',
  ])('%s gives nothing to a learner', async (url, { open, join }) => {
    const { token } = await join('Ada')
    const headers = { host, authorization: `Bearer ${token}` }
    const { statusCode, body } = await open.app.inject({ url, headers })
    expect([400, 401, 403, 404]).toContain(statusCode)
    expect(body).not.toContain('"learners"')
  })

  it('a token of another workshop gives nothing', async ({ open, join }) => {
    await using other = await openWorkshop(systemClock)
    const { token }: JoinResponse = await join('Ada')
    for (const bearer of [token, open.workshop.settings.instructorToken])
      for (const url of ['/api/member', '/api/workshop', '/api/projector']) {
        const headers = { host, authorization: `Bearer ${bearer}` }
        expect([url, (await other.app.inject({ url, headers })).statusCode]).toEqual([url, 401])
      }
  })

  it('a body that is too large is refused, whatever it contains', async ({ open, join }) => {
    const { token } = await join('Ada')
    const size = async (url: string, bytes: number) => {
      const headers = {
        host,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      }
      const payload = `"${'x'.repeat(bytes)}"`
      return (await open.app.inject({ method: 'POST', url, headers, payload })).statusCode
    }
    expect(await size('/api/join', 129 * 1024)).toBe(413)
    expect(await size('/api/member/reports', 4 * 1024 * 1024)).toBe(413)
  })

  it.for([
    ['an address that cannot be decoded', '/api/%zz', {}],
    ['an unknown route', '/api/nothing', {}],
    ['a body nested too deeply', '/api/join', JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`)],
  ])('the error for %s names only what this host has', async ([, url, payload], { open }) => {
    const response = await open.app.inject({ method: 'POST', url, headers: { host }, payload })
    expect(response.statusCode).toBeGreaterThanOrEqual(400)
    expect(response.json()).toMatchObject({ remedy: expect.any(String) as string })
    expect(response.body).not.toContain('openapi')
  })

  it('an exercise that was stopped cannot be changed', async ({ open }) => {
    const { workshop } = open
    workshop.startExercise({ title: 'One', limitMs: 60_000 })
    workshop.changeExercise({ what: 'stop' })
    for (const what of ['pause', 'resume', 'stop'] as const)
      expect(() => workshop.changeExercise({ what })).toThrow('No exercise is in progress')
    expect(() => workshop.changeExercise({ what: 'extend', byMs: 60_000 })).toThrow(
      'No exercise is in progress',
    )
  })
})
