import { once } from 'node:events'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { workFolder } from '#chaos/exercise/folders.ts'
import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { createMember } from './member.ts'
import { runMember } from './run-member.ts'

const { signal } = new AbortController()
const at = '2030-01-01T00:00:00.000Z'
const joined = { learner: 'l1', token: 'the-token', name: 'Ada', workshop: 'Class' }

/** Pushes that a sandbox must not accept. Each has the number 2. */
const hostile: readonly (readonly [string, unknown])[] = [
  ['an unknown type', { seq: 2, at, type: 'run', command: 'id' }],
  ['a note without text', { seq: 2, at, type: 'note' }],
  ['a note that is too long', { seq: 2, at, type: 'note', text: 'x'.repeat(2_001) }],
  ['a note of control characters only', { seq: 2, at, type: 'note', text: '\u001B\u0007' }],
  ['a lab with an escape sequence', { seq: 2, at, type: 'code-wanted', lab: '\u001B[2Jx' }],
  ['a lab with a command', { seq: 2, at, type: 'hint', lab: 'x; rm -rf .', text: 'try it' }],
  ['a number that is text', { seq: '2', at, type: 'note', text: 'x' }],
  [
    'an incident without end',
    { seq: 2, at, type: 'incident', id: 'i', incident: 'g', seed: 1, limitMs: 1e300 },
  ],
  ['no object', 'note'],
]

const it = test
  .extend('home', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-member-'))
    onCleanup(async () => rm(folder, { recursive: true }))
    return homeAt(folder)
  })
  .extend('member', ({ home }) =>
    createMember({
      home,
      labs,
      progress: createProgressStore(home.work, { clock: systemClock, warn: () => undefined }),
      clock: systemClock,
      factsOf: async () => ({}),
    }),
  )
  .extend('serve', async ({}, { onCleanup }) => {
    const servers: ReturnType<typeof createServer>[] = []
    onCleanup(async () => {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      }
    })
    /** A host that accepts every learner. `respond` answers everything else. */
    return async (respond: (request: IncomingMessage, response: ServerResponse) => void) => {
      const server = createServer((request, response) => {
        request.resume()
        if (request.url === '/api/join') response.end(JSON.stringify(joined))
        else respond(request, response)
      })
      servers.push(server)
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    }
  })

const good = (seq: number) => ({ seq, at, type: 'note', text: `note ${seq}` })

it.for(hostile)(
  '%s is ignored, and the pushes around it arrive',
  async ([, push], { member, serve }) => {
    const url = await serve((_request, response) => {
      response.end(JSON.stringify([good(1), push, good(3)]))
    })
    await member.join({ url, code: 'X', name: 'Ada' }, signal)
    await member.receive(signal)
    const { inbox, joined: membership } = await member.view()
    expect(membership).toMatchObject({ name: 'Ada' })
    expect(inbox).toEqual([good(3), good(1)])
  },
)

it('a running sandbox ignores the same pushes in the stream, and starts no incident without consent', async ({
  home,
  member,
  serve,
}) => {
  const incident = {
    seq: 2,
    at,
    type: 'incident',
    id: 'i',
    incident: 'g',
    seed: 1,
    limitMs: 60_000,
  }
  const pushes = [good(1), ...hostile.map(([, push]) => push), incident, good(3)]
  const url = await serve((request, response) => {
    if (request.url?.startsWith('/api/member/stream') !== true) return void response.end('[]')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const push of pushes) response.write(`data: ${JSON.stringify(push)}\n\n`)
  })
  await member.join({ url, code: 'X', name: 'Ada' }, signal)
  const incidents: unknown[] = []
  const onIncident = async (push: unknown) => void incidents.push(push)
  const clock = systemClock
  await using _running = runMember({ member, home, clock, onChanged: () => undefined, onIncident })
  await expect.poll(async () => (await member.view()).inbox).toEqual([good(3), good(1)])
  expect(incidents).toEqual([])
})

it('a redirect gets neither the token nor the reports', async ({ member, serve }) => {
  const elsewhere: (string | undefined)[] = []
  const target = await serve(({ headers }, response) => {
    elsewhere.push(headers.authorization)
    response.end('[]')
  })
  const url = await serve((request, response) => {
    response.writeHead(307, { location: `${target}${request.url}` }).end()
  })
  await member.join({ url, code: 'X', name: 'Ada' }, signal)
  await member.help({ text: 'please' })
  await member.send(signal)
  await expect(member.receive(signal)).rejects.toThrow(/does not respond/)
  expect(elsewhere).toEqual([])
  expect(await member.view()).toMatchObject({ waiting: 1, sent: 0 })
})

it('an error of the host has no escape sequences', async ({ member, serve }) => {
  const url = await serve((_request, response) => {
    response.writeHead(500).end(JSON.stringify({ error: '\u001B[2Jgone', remedy: 'no\u0007' }))
  })
  await member.join({ url, code: 'X', name: 'Ada' }, signal)
  await member.help({})
  await member.send(signal)
  expect((await member.view()).problem).toBe('[2Jgone no')
})

it('code that no host accepts is refused, and the learner stays in the workshop', async ({
  home,
  member,
  serve,
}) => {
  const url = await serve((_request, response) => void response.end('[]'))
  await member.join({ url, code: 'X', name: 'Ada' }, signal)
  const [lab] = labs
  const seam = lab?.seams[0]?.seam
  if (lab === undefined || seam === undefined) throw new Error('There is no lab.')
  await mkdir(workFolder(home, lab), { recursive: true })
  await writeFile(join(workFolder(home, lab), `${seam}.ts`), `// ${'x'.repeat(50_000)}`)
  await expect(member.share(lab.id)).rejects.toThrow(/larger than a workshop accepts/)
  expect(await member.view()).toMatchObject({ joined: { name: 'Ada' }, waiting: 0 })
})

it('only the owner can read the file with the token', async ({ member, serve }) => {
  const url = await serve((_request, response) => void response.end('[]'))
  await member.join({ url, code: 'X', name: 'Ada' }, signal)
  const { mode } = await stat(member.file.path)
  expect((mode & 0o777).toString(8)).toBe('600')
})
