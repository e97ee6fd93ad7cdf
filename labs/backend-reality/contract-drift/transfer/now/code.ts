import type { Job, Queue } from 'bullmq'

import type { Doors } from './doors.ts'

interface Booking {
  readonly id: string
  readonly room: string
  readonly startsAt: number
  readonly endsAt: number
}

interface Unlock {
  readonly version: 1
  readonly room: string
  readonly duration: number
}

export async function bookingMade(queue: Queue<Unlock>, booking: Booking): Promise<void> {
  const { id, room, startsAt, endsAt } = booking
  const duration = Math.round((endsAt - startsAt) / 1_000)
  const delay = Math.max(0, startsAt - Date.now() - 60_000)
  await queue.add('unlock', { version: 1, room, duration }, { jobId: id, delay, attempts: 5 })
}

export async function unlockRoom(doors: Doors, job: Job<Unlock>): Promise<void> {
  const { version, room, duration } = job.data
  if (version !== 1) throw new Error(`Version ${version} is unknown.`)
  await doors.unlock(room, { seconds: duration })
}
