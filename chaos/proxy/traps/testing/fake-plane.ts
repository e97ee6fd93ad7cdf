import type { ExchangeEvent, TrapEvent, TrapRequest } from '#chaos/contracts/links.ts'

import type {
  InspectedConnection,
  Inspection,
  InspectionHost,
  Inspector,
  Protocol,
  Stream,
} from '../../plane/inspector.ts'
import type { ConnectionRecorder, Recorder, RecorderHost } from '../../plane/recorder.ts'
import { createInspection } from '../index.ts'

/** A data plane without sockets: connections are lists of bytes, and the test moves the time. */
export class FakePlane {
  readonly events: (TrapEvent | ExchangeEvent)[] = []
  readonly inspection: Inspection
  readonly connections: FakeConnection[] = []
  readonly inspected = new Set<string>()
  readonly recorders = new Set<Recorder>()
  nowMs = 1_000
  #timers: { readonly atMs: number; readonly run: () => void }[] = []
  readonly #links: Readonly<Record<string, Protocol | undefined>>

  constructor(links: Readonly<Record<string, Protocol | undefined>>) {
    this.#links = links
    const host: InspectionHost & RecorderHost = {
      setInspected: (link, on) => this.#setInspected(link, on),
      startRecorder: (recorder) => {
        this.recorders.add(recorder)
        for (const connection of this.connections) connection.record(recorder)
        return () => {
          this.recorders.delete(recorder)
          for (const connection of this.connections) connection.recorders.delete(recorder)
        }
      },
      silenceAll: () => () => {},
      links: () => Object.entries(links).map(([name, protocol]) => ({ name, protocol })),
      emit: (event) => this.events.push(event),
      now: () => this.nowMs,
      after: (delayMs, run) => {
        const timer = { atMs: this.nowMs + delayMs, run }
        this.#timers.push(timer)
        return () => {
          this.#timers = this.#timers.filter((other) => other !== timer)
        }
      },
    }
    this.inspection = createInspection(host)
  }

  /** A connection that is read from its first byte, or one that is already open. */
  connect(link: string, before?: FakeRecent): FakeConnection {
    const connection = new FakeConnection(this, link, this.#links[link], before)
    this.connections.push(connection)
    for (const recorder of this.recorders) connection.record(recorder)
    if (this.inspected.has(link)) connection.inspector = this.inspection.inspect(connection)
    return connection
  }

  arm(request: Partial<TrapRequest> & Pick<TrapRequest, 'links' | 'exchange'>): void {
    this.inspection.arm({
      id: 'trap',
      nth: 1,
      phase: 'before',
      then: { do: 'hold' },
      expiresInMs: 60_000,
      ...request,
    })
  }

  pass(ms: number): void {
    this.nowMs += ms
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= this.nowMs)
      const [first] = due.toSorted((a, b) => a.atMs - b.atMs)
      if (first === undefined) return
      this.#timers = this.#timers.filter((other) => other !== first)
      first.run()
    }
  }

  /** The names of the links. */
  get links(): string[] {
    return Object.keys(this.#links)
  }

  get traps(): TrapEvent[] {
    return this.events.filter((event) => event.type === 'trap')
  }

  get exchanges(): ExchangeEvent[] {
    return this.events.filter((event) => event.type === 'exchange')
  }

  #setInspected(link: string, on: boolean): void {
    const was = this.inspected.has(link)
    if (on) this.inspected.add(link)
    else this.inspected.delete(link)
    if (on === was) return
    for (const connection of this.connections.filter((each) => each.link === link))
      if (on) connection.inspector ??= this.inspection.inspect(connection)
      else connection.inspector?.leave()
  }
}

export interface FakeRecent {
  readonly last: Stream
  readonly upstream?: string
  readonly downstream?: string
  readonly quietMs?: number
}

let connectionCount = 0

class FakeConnection implements InspectedConnection {
  readonly id = (connectionCount += 1)
  readonly link: string
  readonly protocol: Protocol | undefined
  readonly fromStart: boolean
  readonly recent: InspectedConnection['recent']
  readonly passed: Record<Stream, Buffer[]> = { upstream: [], downstream: [] }
  readonly ends: Stream[] = []
  inspector: Inspector | undefined
  state: 'open' | 'cut' | 'mute' = 'open'
  opaqueDetail: string | undefined
  /** Bytes that the inspector received and has neither forwarded nor dropped. */
  held: Record<Stream, number> = { upstream: 0, downstream: 0 }
  /** Bytes that have left. Not private: a toxic wraps the connection in an object that inherits from it. */
  readonly leftBytes: Record<Stream, number> = { upstream: 0, downstream: 0 }
  readonly recorders = new Map<Recorder, ConnectionRecorder>()
  readonly plane: FakePlane

  constructor(plane: FakePlane, link: string, protocol: Protocol | undefined, before?: FakeRecent) {
    this.plane = plane
    this.link = link
    this.protocol = protocol
    this.fromStart = before === undefined
    const sinceMs = plane.nowMs - (before?.quietMs ?? 1_000)
    this.recent = {
      last: before?.last,
      get quietMs() {
        return plane.nowMs - sinceMs
      },
      tail: (stream) => Buffer.from(before?.[stream] ?? '', 'latin1').subarray(-16),
    }
  }

  /** The caller sends. */
  ask(bytes: Buffer | string): void {
    this.#arrive('upstream', Buffer.from(bytes as string))
  }

  /** The callee sends. */
  answer(bytes: Buffer | string): void {
    this.#arrive('downstream', Buffer.from(bytes as string))
  }

  end(stream: Stream): void {
    this.ends.push(stream)
  }

  /** What has arrived at the callee (`upstream`) or at the caller (`downstream`), as text. */
  text(stream: Stream): string {
    return this.bytes(stream).toString('latin1')
  }

  bytes(stream: Stream): Buffer {
    return Buffer.concat(this.passed[stream])
  }

  forward(stream: Stream, chunk: Buffer): void {
    this.held[stream] -= chunk.length
    if (this.held[stream] < 0) throw new Error(`more forwarded than there was (${stream})`)
    this.passed[stream].push(chunk)
    this.gone(stream, chunk.length, true)
  }

  drop(stream: Stream, bytes: number): void {
    this.held[stream] -= bytes
    if (this.held[stream] < 0) throw new Error(`more dropped than there was (${stream})`)
    this.gone(stream, bytes, false)
  }

  inject(stream: Stream, chunk: Buffer): void {
    this.passed[stream].push(chunk)
  }

  cut(): void {
    this.state = 'cut'
    for (const recorder of this.recorders.values())
      recorder.add({ what: 'closed', atMs: this.plane.nowMs })
    this.inspector?.closed()
  }

  silence(): void {
    this.state = 'mute'
  }

  left(): void {
    if (this.held.upstream !== 0 || this.held.downstream !== 0)
      throw new Error('left while something was held')
    this.inspector = undefined
  }

  record(recorder: Recorder): void {
    const records = recorder.opened(this)
    if (records !== undefined) this.recorders.set(recorder, records)
  }

  answered(bytes: Buffer): void {
    this.recordRead('downstream', bytes)
  }

  gone(stream: Stream, bytes: number, passed: boolean): void {
    this.leftBytes[stream] += bytes
    for (const recorder of this.recorders.values())
      recorder.add({
        what: 'gone',
        stream,
        at: this.leftBytes[stream],
        atMs: this.plane.nowMs,
        passed,
      })
  }

  opaque(detail: string): void {
    this.opaqueDetail = detail
  }

  #arrive(stream: Stream, chunk: Buffer): void {
    this.held[stream] += chunk.length
    this.recordRead(stream, chunk)
    if (this.inspector === undefined) this.forward(stream, chunk)
    else if (stream === 'upstream') this.inspector.upstream(chunk)
    else this.inspector.downstream(chunk)
  }

  recordRead(stream: Stream, bytes: Buffer): void {
    const at = this.leftBytes[stream] + this.held[stream]
    const isStaged = this.inspector !== undefined
    const { nowMs } = this.plane
    for (const recorder of this.recorders.values())
      recorder.add({ what: 'read', stream, bytes: Buffer.from(bytes), at, atMs: nowMs, isStaged })
  }
}
