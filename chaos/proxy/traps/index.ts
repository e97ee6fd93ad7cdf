import type {
  LinkEvent,
  LinkHealth,
  RecordedMessages,
  RecordedTraffic,
  RecordingLimits,
  TrapRequest,
  TrapStatus,
} from '#chaos/contracts/links.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import type {
  InspectedConnection,
  Inspection,
  InspectionHost,
  Inspector,
  Protocol,
} from '../plane/inspector.ts'
import type { RecorderHost } from '../plane/recorder.ts'
import { FlowRecording } from '../recording/flow-recording.ts'
import { ConnectionInspector } from './connection-inspector.ts'
import { ExchangeCounts } from './exchange-counts.ts'
import { dialectFor } from './joining.ts'
import { LinkWatch } from './link-watch.ts'
import { Trap } from './trap.ts'

/** Sprung and expired traps are listed until they are disarmed. Above this number the oldest trap is disarmed. */
const trapsMax = 1_000

/** Above this number the oldest recording is ended. */
const recordingsMax = 8

interface Tap {
  /** Counts exchanges instead of reporting them. */
  readonly counts: boolean
  readonly links: readonly string[]
  readonly transactions: readonly string[]
  cancelLease(): void
}

interface Recording {
  readonly recording: FlowRecording
  stop(): void
  cancelLease(): void
}

/** Traps and taps of the whole data plane. */
export function createInspection(host: InspectionHost & RecorderHost): Inspection {
  return new TrapsAndTaps(host)
}

class TrapsAndTaps implements Inspection {
  readonly #host: InspectionHost & RecorderHost
  readonly #traps = new Map<string, Trap>()
  readonly #taps = new Map<string, Tap>()
  readonly #recordings = new Map<string, Recording>()
  readonly #watches = new Map<string, LinkWatch>()
  #tapCount = 0
  #recordingCount = 0

  constructor(host: InspectionHost & RecorderHost) {
    this.#host = host
  }

  inspect(connection: InspectedConnection): Inspector | undefined {
    const watch = this.#watches.get(connection.link)
    if (watch === undefined || watch.idle || connection.protocol === undefined) return undefined
    return new ConnectionInspector(connection, watch, this.#host)
  }

  arm(request: TrapRequest): void {
    checkLinks(request, this.#host)
    this.disarm(request.id)
    const [oldest] = this.#traps.keys()
    if (this.#traps.size >= trapsMax && oldest !== undefined) this.disarm(oldest)
    const trap = new Trap(request, () => this.#refresh(trap.links()))
    this.#traps.set(request.id, trap)
    trap.cancelLease = this.#host.after(request.expiresInMs, () => this.#expire(trap))
    this.#refresh(trap.links())
  }

  disarm(id: string): void {
    const trap = this.#traps.get(id)
    if (trap === undefined) return
    retire(trap)
    this.#traps.delete(id)
    this.#refresh(trap.links())
  }

  release(id: string, then: 'deliver' | 'cut' | 'silence'): void {
    const trap = this.#traps.get(id)
    if (trap === undefined) throw unknownName('trap', id, [...this.#traps.keys()])
    if (trap.release !== undefined) trap.release(then)
    // A sprung trap without a message: its connection has ended, which is not an error.
    else if (trap.state !== 'sprung')
      throw new InputError(`Trap "${id}" holds nothing: it is ${trap.state}.`, { status: 404 })
  }

  traps(): readonly TrapStatus[] {
    return [...this.#traps.values()].map((trap) => ({
      order: trap.request,
      state: trap.state,
      seen: trap.seen,
    }))
  }

  tap(names: readonly string[], lease: Parameters<Inspection['tap']>[1]): string {
    const links = readable(names, this.#host)
    const id = lease.id ?? `tap-${(this.#tapCount += 1)}`
    const before = this.#taps.get(id)
    before?.cancelLease()
    const cancelLease = this.#host.after(lease.expiresInMs, () => this.untap(id))
    const { transactions = [], counts = false } = lease
    this.#taps.set(id, { links, transactions, counts, cancelLease })
    this.#refresh([...new Set([...links, ...(before?.links ?? [])])])
    return id
  }

  untap(id: string): void {
    const tap = this.#taps.get(id)
    if (tap === undefined) return
    tap.cancelLease()
    this.#taps.delete(id)
    this.#refresh(tap.links)
  }

  counts(link: string): LinkHealth | undefined {
    return this.#watches.get(link)?.counts?.read(this.#host.now())
  }

  linkEvent({ link, what }: Pick<LinkEvent, 'link' | 'what'>): void {
    if (what === 'upstream-failed')
      this.#watches.get(link)?.counts?.failedToConnect(this.#host.now())
  }

  record({ expiresInMs, ...limits }: RecordingLimits): string {
    const [oldest] = this.#recordings.keys()
    if (this.#recordings.size >= recordingsMax && oldest !== undefined) this.endRecording(oldest)
    const id = `recording-${(this.#recordingCount += 1)}`
    const cancelLease = this.#host.after(expiresInMs, () => this.endRecording(id))
    const recording = new FlowRecording(limits, () => this.#host.now())
    const stop = this.#host.startRecorder(recording.log)
    this.#recordings.set(id, { recording, stop, cancelLease })
    return id
  }

  async readRecording(id: string): Promise<RecordedMessages> {
    return await this.#recording(id).read()
  }

  recordedTraffic(id: string): RecordedTraffic {
    return this.#recording(id).traffic()
  }

  endRecording(id: string): void {
    const found = this.#recordings.get(id)
    if (found === undefined) return
    found.cancelLease()
    found.stop()
    this.#recordings.delete(id)
  }

  endRecordings(): void {
    for (const id of this.#recordings.keys()) this.endRecording(id)
  }

  heal(): void {
    for (const id of this.#taps.keys()) this.untap(id)
    for (const id of this.#traps.keys()) this.disarm(id)
  }

  linksChanged(): void {
    const known = new Set(this.#host.links().map(({ name }) => name))
    for (const link of this.#watches.keys()) if (!known.has(link)) this.#watches.delete(link)
  }

  #recording(id: string): FlowRecording {
    const found = this.#recordings.get(id)
    if (found === undefined) throw unknownName('recording', id, [...this.#recordings.keys()])
    return found.recording
  }

  #expire(trap: Trap): void {
    if (trap.state !== 'armed' && trap.state !== 'held') return
    const detail = trap.state === 'held' ? 'the held message was delivered' : 'it has never sprung'
    retire(trap)
    this.#host.emit({ type: 'trap', id: trap.request.id, what: 'expired', detail })
    this.#refresh(trap.links())
  }

  /** Updates what is watched on each of these links. */
  #refresh(links: readonly string[]): void {
    const known = new Set(this.#host.links().map(({ name }) => name))
    for (const link of links) {
      if (!known.has(link)) continue
      const watch = this.#watches.get(link) ?? new LinkWatch(link)
      this.#watches.set(link, watch)
      const taps = [...this.#taps.values()].filter((tap) => tap.links.includes(link))
      watch.tapped = taps.some(({ counts }) => !counts)
      if (!taps.some(({ counts }) => counts)) watch.counts = undefined
      else watch.counts ??= new ExchangeCounts(protocolOf(link, this.#host))
      watch.setTraps(
        [...this.#traps.values()].filter(
          (trap) =>
            (trap.state === 'armed' || trap.state === 'held') && trap.links().includes(link),
        ),
        taps.flatMap(({ transactions }) => transactions),
      )
      this.#host.setInspected(link, !watch.idle)
    }
  }
}

/** Delivers what the trap holds; the trap does not spring any more. */
function retire(trap: Trap): void {
  trap.cancelLease()
  trap.release?.('deliver')
  if (trap.state === 'armed') trap.state = 'expired'
}

/** What only the data plane can tell of a request: whether its links exist, and whether they can send its reply. */
function checkLinks(request: TrapRequest, host: InspectionHost): void {
  const earlier = request.afterExchange?.links ?? []
  for (const link of [...readable(request.links, host), ...readable(earlier, host)]) {
    const protocol = protocolOf(link, host)
    // Refuses a reply that the protocol cannot send when the trap is armed, not when it springs.
    if (request.then.do === 'replace') dialectFor(protocol).errorReply(request.then.reply)
  }
}

/** The links whose messages can be read. A pattern may also name links that pass bytes. Throws {@link InputError} if it names only those. */
function readable(names: readonly string[], host: InspectionHost): readonly string[] {
  const bytes = new Set(
    host.links().flatMap(({ name, protocol }) => (protocol === undefined ? [name] : [])),
  )
  const found = names.filter((name) => !bytes.has(name))
  for (const name of found.length > 0 ? found : names) protocolOf(name, host)
  return found
}

function protocolOf(link: string, host: InspectionHost): Protocol {
  const links = host.links()
  const found = links.find(({ name }) => name === link)
  if (found === undefined)
    throw unknownName(
      'link',
      link,
      links.map(({ name }) => name),
    )
  if (found.protocol === undefined)
    throw new InputError(`Link "${link}" has no protocol, so its messages cannot be read.`, {
      remedy: 'Create it with "protocol": "http", "postgres" or "redis".',
    })
  return found.protocol
}
