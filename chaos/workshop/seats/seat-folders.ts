import { createHmac } from 'node:crypto'
import { closeSync, constants, openSync } from 'node:fs'
import { chmod, chown, mkdir, readdir, rename, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'

import { listenOnSocket } from '#chaos/lib/http/listen-on-socket.ts'

import { socketName } from './seat-engine.ts'
import type { SeatFolders } from './seat-engine.ts'

/** Connections of one seat to the host at once. */
const connectionsMax = 16

/** The folders of one seat. What a learner did is there, even after the seat's container and the host have ended. */
export function seatFolders(workshopFolder: string, seat: number): SeatFolders {
  const own = join(workshopFolder, 'seats', String(seat))
  return { state: join(own, 'state'), host: join(own, 'host') }
}

/** Creates the folders. The seat's processes own the first one only. */
export async function makeSeatFolders(
  { state, host }: SeatFolders,
  owner: { readonly uid: number; readonly gid: number },
): Promise<void> {
  await mkdir(state, { recursive: true })
  await mkdir(host, { recursive: true })
  // The seat's stores refuse a folder that they cannot enter as any user. The folder of the workshop is closed to others.
  await chmod(state, 0o711)
  await chmod(host, 0o755)
  if (process.getuid?.() === 0) await chown(state, owner.uid, owner.gid)
}

/** Moves what a learner did in a seat that does not run to a new folder beside it: `left-1`, `left-2`, ... */
export async function moveAside({ state }: SeatFolders): Promise<void> {
  const own = dirname(state)
  const names = new Set(await readdir(own))
  let number = 1
  while (names.has(`left-${number}`)) number++
  await rename(state, join(own, `left-${number}`))
}

/** Deletes the runs of a seat that does not run. */
export async function clearRuns({ state }: SeatFolders): Promise<void> {
  await rm(join(state, 'runs'), { recursive: true, force: true })
}

/** The socket on which the host listens for one seat. The name of a Unix socket is short: the folder is opened first. */
export async function listenForSeat(
  { host }: SeatFolders,
  onConnection: (socket: Socket) => void,
): Promise<AsyncDisposable> {
  const folder = openSync(host, constants.O_RDONLY | constants.O_DIRECTORY)
  const path = `/proc/self/fd/${folder}/${socketName}`
  try {
    const server = await listenOnSocket(path, onConnection, { mostConnections: connectionsMax })
    // The seat has another user. Nothing else reaches the folder: the folder of the workshop is the owner's.
    await chmod(path, 0o666)
    return {
      [Symbol.asyncDispose]: async () => {
        await server[Symbol.asyncDispose]()
        closeSync(folder)
      },
    }
  } catch (error) {
    closeSync(folder)
    throw error
  }
}

/** Secrets of a seat. They follow from the secret of the workshop, so they are stored nowhere. */
export interface SeatSecrets {
  /** Of the API in the seat. */
  token(seat: number): string
  /** With which the sandbox in the seat joins the workshop: as the same learner, until the seat is freed. */
  memberKey(seat: number, timesFreed: number): string
}

export function seatSecrets(workshopSecret: string): SeatSecrets {
  const derive = (what: string): string =>
    createHmac('sha256', workshopSecret).update(what).digest('base64url')
  return {
    token: (seat) => derive(`token of seat ${seat}`),
    memberKey: (seat, timesFreed) =>
      derive(`member of seat ${seat}${timesFreed === 0 ? '' : `, freed ${timesFreed} times`}`),
  }
}
