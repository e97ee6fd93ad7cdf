import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { seatsOf } from '#chaos/cli/workshop/seats.ts'
import type { InstructorView, SeatRow } from '#chaos/contracts/workshop.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { startHost } from '#chaos/workshop/host/start-host.ts'
import { seatImage } from '#chaos/workshop/seats/docker-seats.ts'
import { labs } from '#labs/index.ts'

const run = promisify(execFile)

/** A workshop host with seats in containers, of the sources as they are now. Disposing it removes everything. */
export interface SeatHost extends AsyncDisposable {
  readonly url: string
  readonly code: string
  rows(): Promise<readonly SeatRow[]>
  /** Resolves with the milliseconds that it took until every seat was prepared for a learner. */
  untilPrepared(): Promise<number>
}

export async function openSeatHost(seats: number, signal: AbortSignal): Promise<SeatHost> {
  await using opened = new AsyncDisposableStack()
  const file = ['--file', 'services/Dockerfile', '--target', 'seat', '--tag', seatImage]
  await run('docker', ['build', '--quiet', ...file, '.'], { cwd: projectRoot, signal })
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-seats-'))
  opened.defer(async () => await rm(folder, { recursive: true, force: true }))
  const startMs = systemClock.now()
  const host = opened.use(
    await startHost({
      folder,
      title: 'Seats',
      labs,
      clock: systemClock,
      address: '127.0.0.1',
      port: 0,
      names: [],
      seats: await seatsOf(folder, String(seats), '60'),
    }),
  )
  const [url = ''] = host.urls
  const [, token = ''] = host.instructorUrl.split('#token=')
  const rows = async (): Promise<readonly SeatRow[]> => {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${url}/api/workshop`, { headers, signal })
    return ((await response.json()) as InstructorView).seats ?? []
  }
  const resources = opened.move()
  return {
    url,
    code: host.code,
    rows,
    untilPrepared: async () => {
      while ((await rows()).some(({ state }) => state !== 'spare'))
        await systemClock.sleep(1_000, signal)
      return systemClock.now() - startMs
    },
    [Symbol.asyncDispose]: async () => await resources.disposeAsync(),
  }
}
