import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { RequestOptions } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import type { InstructorView, Report, SeatRow } from '#chaos/contracts/workshop.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { startHost } from '../host/start-host.ts'
import type { RunningHost } from '../host/start-host.ts'
import { joinHost, sendReports, socketScheme } from '../member/host.ts'
import { socketName } from '../seats/seat-engine.ts'
import { createFakeSeats } from './fake-seats.ts'
import type { FakeSeats } from './fake-seats.ts'

export interface SeatsHost extends AsyncDisposable {
  readonly host: RunningHost
  readonly fake: FakeSeats
  readonly url: string
  /** Of the workshop. */
  readonly folder: string
  asInstructor(method: string, path: string, body?: unknown): Promise<Response>
  /** As the instructor's page shows them. */
  seats(): Promise<readonly SeatRow[]>
  /** A file in the folder of a seat, as its learner's code could write it. */
  write(seat: number, path: string, bytes: number): Promise<void>
  /** Ends the host, and starts it again with the same folder and the same engine. */
  restart(): Promise<SeatsHost>
}

/** A host with two seats on a port of its own. */
export async function openSeatsHost(
  options: {
    readonly sleepAfterMs?: number
    readonly diskMax?: number
    readonly seats?: number
  } = {},
  kept: { readonly folder?: string; readonly fake?: FakeSeats } = {},
): Promise<SeatsHost> {
  const folder = kept.folder ?? (await mkdtemp(join(tmpdir(), 'unhappy-seats-')))
  const fake = kept.fake ?? createFakeSeats()
  const host = await startHost({
    folder,
    title: 'Test',
    labs,
    clock: systemClock,
    address: '127.0.0.1',
    port: 0,
    names: [],
    seats: {
      count: options.seats ?? 2,
      engine: fake.engine,
      owner: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
      cores: 2,
      sleepAfterMs: options.sleepAfterMs ?? 60_000,
      diskMax: options.diskMax ?? 1024 ** 3,
    },
  })
  const url = host.urls[0] ?? ''
  const [, token = ''] = host.instructorUrl.split('#token=')
  const asInstructor: SeatsHost['asInstructor'] = async (method, path, body) =>
    await fetch(`${url}/api/workshop${path === '' ? '' : `/${path}`}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    host,
    fake,
    folder,
    url,
    asInstructor,
    seats: async () =>
      ((await (await asInstructor('GET', '')).json()) as InstructorView).seats ?? [],
    write: async (seat, path, bytes) => {
      const file = join(folder, 'seats', String(seat), 'state', path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, Buffer.alloc(bytes, 1))
    },
    restart: async () => {
      await host[Symbol.asyncDispose]()
      return await openSeatsHost(options, { folder, fake })
    },
    [Symbol.asyncDispose]: async () => {
      await host[Symbol.asyncDispose]()
      await fake[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface SeatMember {
  readonly learner: string
  report(report: Report): Promise<void>
}

/** What the sandbox in a seat does: it joins over the socket of its host. */
export async function joinInSeat({ folder, host }: SeatsHost, seat: number): Promise<SeatMember> {
  const url = `${socketScheme}${join(folder, 'seats', String(seat), 'host', socketName)}`
  const { signal } = new AbortController()
  const body = { code: host.code, name: 'Ada', key: 'k'.repeat(32), acceptsIncidents: false }
  const { learner, token } = await joinHost(url, body, signal)
  return {
    learner,
    report: async (report) => void (await sendReports({ url, token }, [report], signal)),
  }
}

/** A request whose path and headers are sent as they are: `fetch` would change them. */
export async function call(
  url: string,
  path: string,
  { body, ...options }: Omit<RequestOptions, 'path'> & { readonly body?: string } = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(url)
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const target = options.socketPath === undefined ? { hostname, port } : {}
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const headers = { ...(options.headers as Record<string, string>), ...length }
  const sent = request({ ...target, ...options, path, headers }, (response) => {
    let text = ''
    response.on('data', (part: Buffer) => {
      text += String(part)
    })
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
  })
  sent.on('error', reject)
  sent.end(body)
  return await promise
}
