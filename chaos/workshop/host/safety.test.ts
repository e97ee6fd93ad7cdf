import { expect } from 'vitest'

import type { InstructorView, JoinResponse, Report } from '#chaos/contracts/workshop.ts'

import { host, workshopTest as it } from '../testing/workshop-test.ts'

const at = '2030-01-01T00:00:00.000Z'

const secret: Report = {
  type: 'code',
  id: 'c1',
  at,
  lab: 'lab-zero',
  files: [{ path: 'a.ts', text: 'the secret' }],
}

it('one learner cannot read what another one reported, by path, cookie, token, stream or Host', async ({
  open,
  join,
  report,
}) => {
  const [ada, bob] = [await join('Ada'), await join('Bob')]
  expect((await report(ada.token, secret)).statusCode).toBe(200)
  const paths = [
    '/api/workshop',
    '/api/workshop/stream',
    `/api/workshop/learners/${ada.learner}`,
    `/api/workshop/learners/${ada.learner}/export.html`,
    '/api/workshop/exports/workshop.json',
    '/api/projector',
    '/api/projector/stream',
  ]
  for (const url of paths)
    for (const headers of [
      { host },
      { host, authorization: `Bearer ${bob.token}` },
      { host, authorization: `Bearer ${ada.token}` },
      { host, cookie: `token=${open.workshop.settings.instructorToken}; unhappy-session-19900=x` },
      { host, authorization: 'Bearer ' },
    ]) {
      const response = await open.app.inject({ url, headers })
      expect([url, response.statusCode]).toEqual([url, 401])
      expect(response.body).not.toContain('the secret')
    }
  const instructor = { authorization: `Bearer ${open.workshop.settings.instructorToken}` }
  for (const foreign of ['evil.example', 'evil.example:19900'])
    expect(
      (await open.app.inject({ url: '/api/workshop', headers: { ...instructor, host: foreign } }))
        .statusCode,
    ).toBe(421)
  const own = await open.app.inject({
    url: '/api/member',
    headers: { host, authorization: `Bearer ${bob.token}` },
  })
  expect(own.json()).toMatchObject({ learner: bob.learner, reports: 0 })
})

it('a push reaches only the learners in its list', async ({ open, join }) => {
  const [ada, bob] = [await join('Ada'), await join('Bob')]
  open.workshop.push({ to: [ada.learner], push: { type: 'note', text: 'for Ada' } })
  const read = async ({ token }: JoinResponse) =>
    (
      await open.app.inject({
        url: '/api/member/pushes',
        headers: { host, authorization: `Bearer ${token}` },
      })
    ).json<unknown[]>()
  expect(await read(ada)).toMatchObject([{ type: 'note', text: 'for Ada' }])
  expect(await read(bob)).toEqual([])
})

it('the projector shows no name until the scoreboard is on', async ({ open, join, report }) => {
  const ada = await join('Ada Lovelace')
  await report(ada.token, { type: 'lab-opened', id: 'o1', at, lab: 'lab-zero' })
  expect(JSON.stringify(open.workshop.projectorView())).not.toContain('Lovelace')
  open.workshop.setScoreboard('on')
  expect(JSON.stringify(open.workshop.projectorView())).toContain('Lovelace')
})

it('a token of the projector changes nothing and reads no learner', async ({ open }) => {
  const headers = { host, authorization: `Bearer ${open.workshop.settings.projectorToken}` }
  expect((await open.app.inject({ url: '/api/projector', headers })).statusCode).toBe(200)
  expect((await open.app.inject({ url: '/api/workshop', headers })).statusCode).toBe(401)
  const payload = { to: 'all', push: { type: 'note', text: 'x' } }
  const pushed = await open.app.inject({
    method: 'POST',
    url: '/api/workshop/pushes',
    headers,
    payload,
  })
  expect(pushed.statusCode).toBe(401)
})

it('an earlier token ends when the learner joins again with the same key', async ({
  join,
  report,
}) => {
  const [first, second] = [await join('Ada', 'same'), await join('Ada', 'same')]
  expect(second.learner).toBe(first.learner)
  const opened: Report = { type: 'lab-opened', id: 'o1', at, lab: 'lab-zero' }
  expect((await report(first.token, opened)).statusCode).toBe(401)
  expect((await report(second.token, opened)).statusCode).toBe(200)
})

it('a report that arrives twice counts once, also in one request', async ({
  open,
  join,
  report,
}) => {
  const { token } = await join('Ada')
  const hint: Report = { type: 'hint', id: 'h1', at, lab: 'lab-zero', used: 1 }
  await report(token, hint, hint)
  const again = await report(token, hint)
  expect(again.json()).toEqual({ acknowledged: ['h1'] })
  expect(open.workshop.records()[0]?.reports).toHaveLength(1)
})

it.for([
  ['a script', '<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['an escape sequence', '\u001B[31mAda\u0007', '[31mAda'],
  ['a change of direction', 'Ada\u202Eevil', 'Adaevil'],
] as const)('a name with %s is text and nothing else', async ([, name, shown], { open, join }) => {
  const { token, learner } = await join(name)
  expect(open.workshop.instructorView().learners[0]?.name).toBe(shown)
  await open.app.inject({
    method: 'POST',
    url: '/api/member/reports',
    headers: { host, authorization: `Bearer ${token}` },
    payload: { reports: [{ type: 'lab-opened', id: 'o', at, lab: 'lab-zero' }] },
  })
  const headers = { host, authorization: `Bearer ${open.workshop.settings.instructorToken}` }
  const html = await open.app.inject({
    url: `/api/workshop/learners/${learner}/export.html`,
    headers,
  })
  expect(html.body).not.toContain('<script>')
  expect(html.headers['content-disposition']).toContain('attachment')
})

it('a wrong code gives no token, and after many wrong ones the right one waits, too', async ({
  open,
}) => {
  const attempt = async (code: string) => {
    const payload = { code, name: 'Eve', key: 'k'.repeat(32), acceptsIncidents: false }
    return await open.app.inject({ method: 'POST', url: '/api/join', headers: { host }, payload })
  }
  const statuses: number[] = []
  for (let i = 0; i < 40; i++) statuses.push((await attempt('WRONG2')).statusCode)
  expect(statuses[0]).toBe(403)
  expect(statuses.at(-1)).toBe(429)
  const right = await attempt(open.workshop.settings.code)
  expect(right.statusCode).toBe(429)
  expect(open.workshop.instructorView().learners).toEqual([])
})

it('joining again and again with one key is limited, and other learners still join', async ({
  open,
  join,
}) => {
  const payload = {
    code: open.workshop.settings.code,
    name: 'Eve',
    key: 'k'.repeat(32),
    acceptsIncidents: false,
  }
  const statuses: number[] = []
  for (let i = 0; i < 20; i++) {
    const { app } = open
    const response = await app.inject({
      method: 'POST',
      url: '/api/join',
      headers: { host },
      payload,
    })
    statuses.push(response.statusCode)
  }
  expect(statuses[0]).toBe(201)
  expect(statuses.at(-1)).toBe(429)
  await join('Ada')
})

it('an incident reaches only learners who agreed', async ({ open, join }) => {
  await join('Ada')
  const body = { to: 'all', incident: 'g1', seed: 1, limitMs: 60_000 } as const
  expect(() => open.workshop.startIncident(body)).toThrow(/No learner has agreed/)
})

it.for([
  ['a report of an unknown type', { reports: [{ type: 'shell', id: 'x', at }] }],
  ['a report with more than its members', { reports: [{ type: 'left', id: 'x', at, more: 1 }] }],
  [
    'more than 100 reports',
    { reports: Array.from({ length: 101 }, (_, i) => ({ type: 'left', id: `i${i}`, at })) },
  ],
] as const)('%s is refused', async ([, payload], { open, join }) => {
  const { token } = await join('Ada')
  const headers = { host, authorization: `Bearer ${token}` }
  const response = await open.app.inject({
    method: 'POST',
    url: '/api/member/reports',
    headers,
    payload,
  })
  expect(response.statusCode).toBe(400)
})

it('stuck learners are first, and a request for help is before all else', async ({
  open,
  join,
  report,
}) => {
  const [ada, bob] = [await join('Ada'), await join('Bob')]
  await report(ada.token, { type: 'lab-opened', id: 'o', at, lab: 'lab-zero' })
  await report(bob.token, { type: 'help', id: 'h', at, text: 'please' })
  const names = (view: InstructorView) => view.learners.map(({ name }) => name)
  expect(names(open.workshop.instructorView())).toEqual(['Bob', 'Ada'])
  open.workshop.seeHelp(bob.learner)
  expect(open.workshop.instructorView().learners.map(({ stuck }) => stuck)).toEqual([null, null])
})
