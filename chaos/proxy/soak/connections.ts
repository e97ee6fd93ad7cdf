import { connect, type Socket } from 'node:net'

import { createRandom } from '#chaos/lib/random.ts'

import { echo, listenOn } from '../testing/link-lab.ts'
import { startDataPlane, type DataPlaneProcess } from './data-plane-process.ts'

export interface ConnectionSoakOptions {
  readonly seconds: number
  readonly connections: number
  /** Toxics added or removed, per second. */
  readonly changesPerSecond: number
  readonly seed: number
}

export interface ConnectionSoakResult {
  readonly messages: number
  readonly toxicChanges: number
  /** Connections that ended without a toxic that ends connections. */
  readonly unexplained: number
  /** Connections that such a toxic ended. */
  readonly explained: number
  /** Messages whose echo was wrong. */
  readonly wrong: number
  /** Resident memory of the data plane after a fifth of the time, and at the end. */
  readonly megabytesEarly: number
  readonly megabytesLate: number
}

interface Counters {
  messages: number
  wrong: number
  /** Broken connections by link. */
  broken: Record<string, number>
}

/**
 * Many connections send messages and receive their echo, on two links whose toxics change all the time. On `delayed` the
 * toxics only delay, so no connection may break. On `ended` some toxics end connections: no more connections may break
 * than the data plane reports.
 */
export async function runConnectionSoak(
  options: ConnectionSoakOptions,
): Promise<ConnectionSoakResult> {
  const { seconds, connections, seed } = options
  await using plane = await startDataPlane(seed)
  await using server = await listenOn(echo)
  const counters: Counters = { messages: 0, wrong: 0, broken: { delayed: 0, ended: 0 } }
  const traffic = { over: false }
  const ports = {
    delayed: await plane.link('delayed', server.port),
    ended: await plane.link('ended', server.port),
  }
  const clients = Array.from({ length: connections }, (_, number) => {
    const link = number % 5 === 4 ? 'ended' : 'delayed'
    return talk(link, ports[link], counters, traffic)
  })
  const changing = changeToxics(plane, options, traffic)
  await new Promise((resolve) => setTimeout(resolve, seconds * 200))
  const megabytesEarly = await plane.residentMegabytes()
  await new Promise((resolve) => setTimeout(resolve, seconds * 800))
  const megabytesLate = await plane.residentMegabytes()
  traffic.over = true
  const toxicChanges = await changing
  await Promise.all(clients)
  const ended = new Set(
    plane.events
      .filter(
        ({ link, what, toxic }) =>
          link === 'ended' && what === 'toxic-touched' && toxic?.startsWith('end'),
      )
      .map(({ connection }) => connection),
  )
  const endedBroken = counters.broken['ended'] ?? 0
  return {
    messages: counters.messages,
    toxicChanges,
    unexplained: (counters.broken['delayed'] ?? 0) + Math.max(0, endedBroken - ended.size),
    explained: Math.min(endedBroken, ended.size),
    wrong: counters.wrong,
    megabytesEarly,
    megabytesLate,
  }
}

/** Sends a message and waits for its echo, again and again. Connects again when the connection breaks. */
async function talk(
  link: 'delayed' | 'ended',
  port: number,
  counters: Counters,
  traffic: { readonly over: boolean },
): Promise<void> {
  for (let number = 0; !traffic.over;) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    const broken = new Promise<null>((resolve) => {
      socket.on('error', () => resolve(null))
      socket.on('end', () => resolve(null))
      socket.on('close', () => resolve(null))
    })
    const inbox = createInbox(socket)
    for (; !traffic.over; number++) {
      const message = `${number}`.padStart(64, '.')
      socket.write(message)
      const received = await Promise.race([inbox(message.length), broken])
      if (received === null) {
        if (!traffic.over) counters.broken[link] = (counters.broken[link] ?? 0) + 1
        break
      }
      counters.messages++
      if (received !== message) counters.wrong++
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    socket.destroy()
  }
}

/** Each call reads this many bytes. */
function createInbox(socket: Socket): (bytes: number) => Promise<string> {
  let got = ''
  let wanted: { readonly bytes: number; readonly resolve: (text: string) => void } | undefined
  const deliver = (): void => {
    if (wanted === undefined || got.length < wanted.bytes) return
    const text = got.slice(0, wanted.bytes)
    got = got.slice(wanted.bytes)
    const { resolve } = wanted
    wanted = undefined
    resolve(text)
  }
  socket.on('data', (chunk: Buffer) => {
    got += chunk.toString('latin1')
    deliver()
  })
  return (bytes) =>
    new Promise((resolve) => {
      wanted = { bytes, resolve }
      deliver()
    })
}

const delaying: readonly object[] = [
  { type: 'latency', attributes: { latency: 20, jitter: 20 } },
  { type: 'slicer', attributes: { average_size: 7, size_variation: 3, delay: 50 } },
  { type: 'bandwidth', attributes: { rate: 500 } },
  { type: 'packet_loss', attributes: { loss_rate: 0.02, rto: 20 } },
  { type: 'slow_close', attributes: { delay: 50 } },
]
/** Toxics that may end a connection. Their names begin with `end`. */
const ending: readonly object[] = [
  { type: 'reset_peer', attributes: { timeout: 10 } },
  { type: 'limit_data', attributes: { bytes: 1_000 } },
  { type: 'timeout', attributes: { timeout: 20 } },
]

async function changeToxics(
  plane: DataPlaneProcess,
  { changesPerSecond, seed }: ConnectionSoakOptions,
  traffic: { readonly over: boolean },
): Promise<number> {
  const random = createRandom(seed)
  const on: { readonly link: string; readonly name: string }[] = []
  const start = performance.now()
  let changes = 0
  for (; !traffic.over; changes++) {
    const oldest = on.length >= 6 ? on.shift() : undefined
    if (oldest === undefined) {
      const link = random.pick(['delayed', 'delayed', 'ended'])
      const ends = link === 'ended' && random.next() < 0.5
      const name = `${ends ? 'end' : 'delay'}-${changes}`
      const toxic = random.pick(ends ? ending : delaying)
      const stream = random.pick(['upstream', 'downstream'])
      await plane.call('POST', `/proxies/${link}/toxics`, {
        ...toxic,
        name,
        stream,
        toxicity: ends ? 0.05 : 0.7,
      })
      on.push({ link, name })
    } else await plane.call('DELETE', `/proxies/${oldest.link}/toxics/${oldest.name}`)
    const aheadMs = start + (changes * 1_000) / changesPerSecond - performance.now()
    if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs))
  }
  for (const { link, name } of on) await plane.call('DELETE', `/proxies/${link}/toxics/${name}`)
  return changes
}
