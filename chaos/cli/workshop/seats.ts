import { availableParallelism } from 'node:os'

import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'
import type { SeatDeskOptions } from '#chaos/workshop/host/open-desk.ts'
import {
  connectDockerSeats,
  removeDockerSeats,
  seatOwner,
} from '#chaos/workshop/seats/docker-seats.ts'

import type { Cli } from '../cli.ts'

const seatsMax = 200
const sleepMaxMinutes = 24 * 60
/** Of the folder of one seat: its work, its runs, and 230 MB of prepared files. */
const diskMax = 2 * 1024 ** 3

/** The seats of the workshop in this folder. Throws {@link InputError} for a number that is not valid, or without an engine. */
export async function seatsOf(
  folder: string,
  seats: string,
  sleep: string,
): Promise<SeatDeskOptions> {
  const count = wholeNumber('--seats', seats, seatsMax)
  const sleepAfterMs = wholeNumber('--sleep', sleep, sleepMaxMinutes) * 60_000
  return {
    count,
    sleepAfterMs,
    diskMax,
    engine: await connectDockerSeats(folder),
    owner: seatOwner,
    cores: availableParallelism(),
  }
}

export async function removeSeats(cli: Cli, folder: string): Promise<void> {
  const removed = await removeDockerSeats(folder)
  if (cli.json) return cli.out.line(JSON.stringify({ removed }))
  cli.out.line(
    removed === 0
      ? 'No container of this workshop is left.'
      : `${removed} containers are removed. The work of the learners is in ${folder}/seats/.`,
  )
}

/** Throws {@link InputError}. */
function wholeNumber(option: string, text: string, most: number): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text)
  throw new InputError(`${option} "${shortened(text)}" is not valid.`, {
    remedy: `Use a whole number from 1 to ${most}, for example ${option} 12.`,
  })
}
