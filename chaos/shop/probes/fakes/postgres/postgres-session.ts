import type { Socket } from 'node:net'

import type { ProbeTools } from '../../contract-probe.ts'
import {
  authenticated,
  bound,
  closed,
  completed,
  createPacketReader,
  description,
  isSelect,
  noData,
  parametersIn,
  parsed,
  queryIn,
  ready,
  rejection,
  row,
  settingMs,
  statementIn,
} from './packets.ts'
import type { Packet } from './packets.ts'

/**
 * How a connection breaks. `silent`: no message arrives any more, in both directions, and no side
 * learns that the other one has closed it. `mute`: messages of the client arrive, and no reply does.
 * `ended`: Postgres says why before it closes the connection.
 */
export type Break = 'silent' | 'mute' | 'reset' | 'closed' | 'ended'

export const breaks: readonly Break[] = ['silent', 'mute', 'reset', 'closed', 'ended']
/** The client receives no message about these. */
export const silences: readonly Break[] = ['silent', 'mute']

/** What happens to one statement. */
export interface Fate {
  /** Postgres needs so long for it. */
  readonly takesMs?: number
  /** The connection breaks when the statement is executed, before its reply or in the middle of it. */
  readonly breaks?: Break
  readonly after?: 'nothing' | 'half of the reply'
}

/** The only row that a statement can lock. */
export interface RowLock {
  holder: object | undefined
  waiting: (() => void)[]
}

export type ServerClock = Pick<ProbeTools<unknown>, 'now' | 'sleep'>

export interface PostgresSession {
  break(how: Break): void
  destroy(): void
  /** The client has not closed the connection. */
  readonly isOpen: boolean
}

interface Server {
  readonly clock: ServerClock
  readonly lock: RowLock
  /** Called for each statement that arrives. */
  execute(sql: string): Fate
  /** The client used something that the server does not know. */
  unknown(what: string): void
}

/** Settings that can end a session in ways that this server does not have. */
const unknownSettings = /^(tcp_|client_connection_check_interval)/
const unknownFunctions = /\bpg_(terminate|cancel)_backend\b/i
const locks = /^\s*(update|delete)\b|\bfor\s+(no\s+key\s+)?update\b/i

export function openSession(socket: Socket, server: Server): PostgresSession {
  const session = new Session(socket, server)
  let busy = Promise.resolve()
  const read = createPacketReader((packet) => {
    if (session.hears) busy = busy.then(async () => await session.take(packet))
  })
  socket.on('data', read)
  socket.on('error', () => undefined)
  socket.on('end', () => session.clientLeft())
  socket.on('close', () => session.clientLeft())
  return session
}

class Session implements PostgresSession {
  isOpen = true
  hears = true
  #speaks = true
  #hasEnded = false
  #state: 'I' | 'T' | 'E' = 'I'
  /** After a rejection, Postgres ignores messages until the client's Sync. */
  #skips = false
  #prepared = ''
  #settings: Record<string, string> = {}
  /** How often the session has become idle or busy: a limit of an earlier time does not count. */
  #changes = 0
  readonly #socket: Socket
  readonly #server: Server

  constructor(socket: Socket, server: Server) {
    this.#socket = socket
    this.#server = server
  }

  break(how: Break): void {
    if (how === 'silent' || how === 'mute') {
      this.#speaks = false
      if (how === 'silent') this.hears = false
      return
    }
    this.#end()
    if (how === 'reset') this.#socket.resetAndDestroy()
    else if (how === 'closed') this.#socket.end()
    else this.#socket.end(rejection('FATAL', '57P01', 'terminating connection'))
  }

  destroy(): void {
    this.#end()
    this.#socket.destroy()
  }

  /** The client has closed the connection. Through a silent network Postgres does not learn it. */
  clientLeft(): void {
    this.isOpen = false
    if (this.hears) this.#end()
  }

  async take({ type, body }: Packet): Promise<void> {
    if (!this.hears) return
    this.#changes += 1
    if (type === 'startup') return this.#start(body)
    if (type === 'X') {
      this.isOpen = false
      return this.#end()
    }
    if (this.#skips && type !== 'S') return
    if (type === 'P') this.#prepared = statementIn(body)
    if (type === 'Q') return await this.#query(queryIn(body))
    if (type === 'E') return void (await this.#execute(this.#prepared, []))
    if (type === 'S') {
      this.#skips = false
      return this.#becomeIdle()
    }
    const isDescribed = isSelect(this.#prepared)
    if (type === 'P') this.#send(parsed)
    else if (type === 'B') this.#send(bound)
    else if (type === 'C') this.#send(closed)
    else if (type === 'D') this.#send(...(isDescribed ? description(this.#prepared) : [noData]))
    else if (type !== 'H') this.#server.unknown(`message ${type}`)
  }

  #start(body: Buffer): void {
    const parameters = parametersIn(body)
    if (parameters === undefined) return this.#server.unknown('cancellation')
    for (const [name, value] of Object.entries(parameters)) this.#set(name, value)
    this.#send(authenticated)
    this.#becomeIdle()
  }

  async #query(sql: string): Promise<void> {
    // As in Postgres: one message can have several statements, such as SETs.
    const statements = sql.split(';').filter((one) => one.trim() !== '')
    for (const one of statements.length === 0 ? [sql] : statements)
      if (!(await this.#execute(one, description(one)))) break
    this.#skips = false
    this.#becomeIdle()
  }

  /** False if it was rejected, or if the connection broke. */
  async #execute(sql: string, head: readonly Buffer[]): Promise<boolean> {
    const { takesMs = 0, breaks, after = 'nothing' } = this.#server.execute(sql)
    const isEnd = /^\s*(commit|rollback|end|abort)\b/i.test(sql)
    if (this.#state === 'E' && !isEnd)
      return this.#reject('25P02', 'current transaction is aborted')
    if (unknownFunctions.test(sql)) this.#server.unknown('pg_terminate_backend')
    const { now } = this.#server.clock
    const endsAtMs = limitOf(now(), this.#settings['statement_timeout'])
    const isLate = takesMs > endsAtMs - now()
    const waitMs = Math.min(takesMs, endsAtMs - now())
    if (waitMs > 0) await this.#server.clock.sleep(waitMs)
    if (isLate) return this.#reject('57014', 'canceling statement due to statement timeout')
    if (locks.test(sql) && !(await this.#lockRow(endsAtMs)))
      return this.#reject('55P03', 'canceling statement due to lock timeout')
    if (this.#hasEnded) {
      // As in Postgres: a statement that waits notices only afterwards that its client has left.
      this.#unlock()
      return false
    }
    const tag = completed(this.#state === 'E' ? 'ROLLBACK' : sql)
    this.#follow(sql)
    if (isEnd) this.#state = 'I'
    if (this.#state === 'I') this.#unlock()
    const reply = Buffer.concat([...head, ...row(sql), tag])
    if (breaks !== undefined) {
      if (after !== 'nothing') this.#send(reply.subarray(0, reply.length / 2))
      this.break(breaks)
    }
    this.#send(reply)
    return true
  }

  /** What a statement does to its session. */
  #follow(sql: string): void {
    const [, name, value] =
      /^\s*set\s+(?:session\s+)?([\w.]+)\s*(?:=|\bto\b)\s*(.+?)\s*$/i.exec(sql) ?? []
    if (name !== undefined && value !== undefined) this.#set(name.toLowerCase(), value)
    if (/^\s*(begin|start)\b/i.test(sql)) this.#state = 'T'
  }

  #set(name: string, value: string): void {
    if (unknownSettings.test(name)) this.#server.unknown(name)
    this.#settings[name] = value
  }

  #reject(code: string, text: string): false {
    if (this.#state === 'T') this.#state = 'E'
    this.#skips = true
    this.#send(rejection('ERROR', code, text))
    return false
  }

  #becomeIdle(): void {
    if (this.#hasEnded) return
    this.#send(ready(this.#state))
    const limitMs = settingMs(
      (this.#state === 'I'
        ? this.#settings['idle_session_timeout']
        : this.#settings['idle_in_transaction_session_timeout']) ?? '0',
    )
    const wholeMs = settingMs(this.#settings['transaction_timeout'] ?? '0')
    const endsMs = Math.min(
      limitMs || Infinity,
      this.#state === 'I' ? Infinity : wholeMs || Infinity,
    )
    if (endsMs === Infinity) return
    void this.#expireIn(endsMs)
  }

  async #expireIn(milliseconds: number): Promise<void> {
    const changes = (this.#changes += 1)
    await this.#server.clock.sleep(milliseconds)
    if (changes === this.#changes) this.#expire()
  }

  /** Postgres ends the session. The client learns it if the network lets a message through. */
  #expire(): void {
    if (this.#speaks) this.break('ended')
    else this.#end()
  }

  async #lockRow(endsAtMs: number): Promise<boolean> {
    const { lock, clock } = this.#server
    const { now } = clock
    const untilMs = Math.min(endsAtMs, limitOf(now(), this.#settings['lock_timeout']))
    while (lock.holder !== undefined && lock.holder !== this) {
      const leftMs = untilMs - now()
      if (leftMs <= 0) return false
      const free = Promise.withResolvers<void>()
      lock.waiting.push(free.resolve)
      await (leftMs === Infinity ? free.promise : Promise.race([free.promise, clock.sleep(leftMs)]))
    }
    lock.holder = this
    return true
  }

  #unlock(): void {
    const { lock } = this.#server
    if (lock.holder !== this) return
    lock.holder = undefined
    for (const wake of lock.waiting.splice(0)) wake()
  }

  #end(): void {
    this.#hasEnded = true
    this.#changes += 1
    this.hears = false
    this.#speaks = false
    this.#unlock()
  }

  #send(...messages: readonly Buffer[]): void {
    if (this.#speaks && messages.length > 0) this.#socket.write(Buffer.concat(messages))
  }
}

function limitOf(nowMs: number, setting: string | undefined): number {
  const limitMs = settingMs(setting ?? '0')
  return limitMs === 0 ? Infinity : nowMs + limitMs
}
