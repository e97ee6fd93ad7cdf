import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

import type { NoSlot, SlotCandidate } from './keeper-requests.ts'

/** A slot that belongs to this process until the server is closed or the process dies. */
export interface ClaimedSlot {
  readonly candidate: SlotCandidate
  readonly claim: Server
}

/**
 * Takes the first candidate whose claim port and other ports are all free. The kernel gives a port
 * to one process only, and frees it when the process dies. So no lock file can be left.
 */
export async function claimSlot(
  candidates: readonly SlotCandidate[],
): Promise<ClaimedSlot | NoSlot> {
  const taken: { slot: number; port: number }[] = []
  for (const candidate of candidates) {
    const claim = await listen(candidate.claimPort)
    if (claim === undefined) {
      taken.push({ slot: candidate.slot, port: candidate.claimPort })
      continue
    }
    const port = await firstTaken(candidate.ports)
    if (port === undefined) return { candidate, claim }
    taken.push({ slot: candidate.slot, port })
    await close(claim)
  }
  return { taken }
}

async function firstTaken(ports: readonly number[]): Promise<number | undefined> {
  const servers = await Promise.all(ports.map(listen))
  await Promise.all(servers.filter((server) => server !== undefined).map(close))
  const index = servers.indexOf(undefined)
  return index === -1 ? undefined : ports[index]
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy())
  server.listen({ port, host: '127.0.0.1', exclusive: true })
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return
    throw error
  }
}

async function close(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
