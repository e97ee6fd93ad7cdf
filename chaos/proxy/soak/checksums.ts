import { createHash } from 'node:crypto'
import { connect, type Socket } from 'node:net'

import { createRandom } from '#chaos/lib/random.ts'

import { listenOn } from '../testing/link-lab.ts'
import { startDataPlane, type DataPlaneProcess } from './data-plane-process.ts'

export interface ChecksumSoakOptions {
  /** Megabytes in each direction, over all connections. */
  readonly megabytes: number
  readonly connections: number
  readonly seed: number
}

export interface ChecksumSoakResult {
  readonly bytes: number
  readonly toxicChanges: number
  /** One line for each stream whose received bytes differ from the sent bytes. */
  readonly wrong: readonly string[]
}

/**
 * Sends random bytes up and down at the same time and ends each direction with a half-close. The readers pause from time to
 * time. Toxics that lose no bytes come and go. Every stream must arrive unchanged.
 */
export async function runChecksumSoak(options: ChecksumSoakOptions): Promise<ChecksumSoakResult> {
  const { connections, seed } = options
  const bytesEach = Math.ceil((options.megabytes * 1e6) / connections)
  await using plane = await startDataPlane(seed)
  const upstreamSums: Promise<string>[] = []
  await using server = await listenOn((socket) => {
    const number = upstreamSums.length
    upstreamSums.push(digestSlowly(socket))
    sendRandom(socket, bytesEach, seed + 1_000 + number)
  })
  const port = await plane.link('soak', server.port)
  const traffic = { over: false }
  const changing = changeToxics(plane, traffic)
  const downSums = await Promise.all(
    Array.from({ length: connections }, async (_, number) => {
      const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
      sendRandom(socket, bytesEach, seed + number)
      return digestSlowly(socket)
    }),
  )
  const upSums = await Promise.all(upstreamSums)
  traffic.over = true
  const toxicChanges = await changing
  // Clients and server connections have no known order, so sets are compared.
  const wrong = [
    ...differences('up', expected(seed, bytesEach, connections), upSums),
    ...differences('down', expected(seed + 1_000, bytesEach, connections), downSums),
  ]
  return { bytes: bytesEach * connections * 2, toxicChanges, wrong }
}

/** Toxics that delay and slice, but lose no bytes. */
const harmless: readonly { readonly type: string; readonly attributes: object }[] = [
  { type: 'latency', attributes: { latency: 20, jitter: 10 } },
  { type: 'slicer', attributes: { average_size: 20_000, size_variation: 10_000, delay: 20 } },
  { type: 'bandwidth', attributes: { rate: 200_000 } },
  { type: 'packet_loss', attributes: { loss_rate: 0.001, rto: 5, rtt: 1 } },
  { type: 'slow_close', attributes: { delay: 20 } },
  { type: 'noop', attributes: {} },
]

async function changeToxics(
  plane: DataPlaneProcess,
  traffic: { readonly over: boolean },
): Promise<number> {
  let changes = 0
  for (; !traffic.over; changes += 2) {
    const toxic = harmless[(changes / 2) % harmless.length]
    const stream = changes % 4 === 0 ? 'upstream' : 'downstream'
    await plane.call('POST', '/proxies/soak/toxics', { ...toxic, stream, name: 't', toxicity: 0.5 })
    await new Promise((resolve) => setTimeout(resolve, 15))
    await plane.call('DELETE', '/proxies/soak/toxics/t')
  }
  return changes
}

function blocks(total: number, seed: number): Iterable<Buffer> {
  const random = createRandom(seed)
  // To create random bytes one by one would be slow. A random start in one large random block is enough.
  const noise = noiseOf(seed)
  return {
    *[Symbol.iterator]() {
      for (let left = total; left > 0;) {
        const length = Math.min(left, random.integer(1, 200_000))
        const from = random.integer(0, noise.length - length)
        left -= length
        yield noise.subarray(from, from + length)
      }
    },
  }
}

function noiseOf(seed: number): Buffer {
  const random = createRandom(seed)
  const noise = Buffer.allocUnsafe(1_000_000)
  for (let at = 0; at < noise.length; at += 4)
    noise.writeUInt32LE(random.integer(0, 2 ** 32 - 1), at)
  return noise
}

/** Sends random bytes, waits while the socket is full, and ends only its own direction. */
function sendRandom(socket: Socket, total: number, seed: number): void {
  const source = blocks(total, seed)[Symbol.iterator]()
  const pump = (): void => {
    for (;;) {
      const { done, value } = source.next()
      if (done === true) {
        socket.off('drain', pump)
        socket.end()
        return
      }
      if (!socket.write(value)) return
    }
  }
  socket.on('drain', pump)
  pump()
}

/** The checksum of all received bytes. Pauses from time to time, so the sender has to wait. */
function digestSlowly(socket: Socket): Promise<string> {
  const hash = createHash('sha256')
  let reads = 0
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      hash.update(chunk)
      if (++reads % 64 !== 0) return
      socket.pause()
      setTimeout(() => socket.resume(), 2)
    })
    socket.on('end', () => resolve(hash.digest('hex')))
    socket.on('error', (error) => resolve(`broken: ${error.message}`))
  })
}

function expected(seed: number, bytes: number, count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const hash = createHash('sha256')
    for (const block of blocks(bytes, seed + number)) hash.update(block)
    return hash.digest('hex')
  })
}

function differences(direction: string, sent: readonly string[], got: readonly string[]): string[] {
  const missing = sent.filter((sum) => !got.includes(sum))
  const unknown = got.filter((sum) => !sent.includes(sum))
  return missing.map((sum, i) => `${direction}: sent ${sum}, got ${unknown[i] ?? 'nothing'}`)
}
