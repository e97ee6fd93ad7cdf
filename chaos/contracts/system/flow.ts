import type { Clock } from '#chaos/lib/clock.ts'

import type { Outcome } from '../history.ts'
import type { ExchangeEvent } from '../links.ts'
import type { DirectAddresses, Environment } from '../runtime.ts'
import type { TruthReader } from '../truth.ts'

/** The results of one run of a flow, the worst first. `chaos/xray` says how each one looks and what it means. */
export const flowResultNames = [
  'double-effect',
  'torn',
  'lost',
  'phantom',
  'untrue',
  'stuck',
  'orphan',
  'unserved',
  'more-rows',
  'ok-slow',
  'ok-retried',
  'ok',
  'ok-rejected',
  'ok-indeterminate',
] as const
export type FlowResultName = (typeof flowResultNames)[number]

/**
 * A business transaction of a system that an X-ray runs again and again, alone, with a fault on one of its messages. Only the
 * key differs from one run to the next. The X-ray recognises the messages of a run by the key: each of them carries the key,
 * or is in a database transaction with one that does, or is answered with it, or follows it at the same place in every run.
 */
export interface Flow<Truth = unknown> {
  /** One line for users: what happens. It ends with a full stop. */
  readonly description: string
  readonly start: ClientStart | DirectStart
  /** The flow only reads: a process that dies in the middle of it leaves nothing behind. */
  readonly readOnly?: true
  /** Links between services, `api:redis`, without which the system owes a success response. */
  readonly optionalLinks?: readonly string[]
  /** Reads the truth after a run. Absent: reads every source. */
  readTruth?(reader: TruthReader<Truth>, ack: Ack, signal: AbortSignal): Promise<Truth>
  /**
   * Judges one run. `ok`: the client received success, and the truth agrees with it. The X-ray itself then decides between
   * `ok`, `ok-slow` and `ok-retried`. It turns a good result into `stuck` if the run has not settled, and a missing success
   * response into `unserved` if the fault was on an optional link.
   */
  judge(run: FlowRun<Truth>): FlowResult
  /** Its own source of truth, read before and after each run instead of the system's. Absent: the system's. */
  readonly source?: FlowSource<Truth>
  /** Learns what a run does to the stores, before the first cell. Absent: `judge` needs no lesson. */
  readonly learning?: FlowLearning
}

/** What a flow reads directly, past every link. */
export interface FlowSource<Truth = unknown> {
  open(
    addresses: DirectAddresses,
  ): AsyncDisposable & { read(key: string, signal: AbortSignal): Promise<Truth> }
  /** The time after which everything that a run has begun has certainly ended. */
  readonly settleMs: number
  /** Whether the result of the run is certain before that time. */
  isCertain(run: Omit<FlowRun<Truth>, 'settledAfterMs'>): boolean
  /** How much work is in progress, such as jobs in a queue. That of a run is what it adds. */
  pending(truth: Truth): number
  /** Whether the client sends the same key again, after the run has settled, and the second result is judged too. */
  retries(run: FlowRun<Truth>): boolean
}

export interface FlowLearning {
  /** The flow with the lesson's effect. Throws when the runs have nothing in common. */
  learn(lesson: FlowLesson): Flow
  /** The flow with an effect that an earlier X-ray has learned. */
  recall(learned: Learned): Flow
  /** What it has learned. Absent before. */
  readonly learned?: Learned
}

/** Runs without a fault, and what changed while none was in progress. */
export interface FlowLesson {
  readonly plain: readonly FlowRun[]
  readonly idle: { readonly before: unknown; readonly after: unknown }
  readonly disturbed: readonly DisturbedRun[]
}

/** What a correct system survives with one effect. */
export type Disturbance = 'idle-restart' | 'same-id-twice' | 'slow-replies'

/** A run with a harmless disturbance. Further rows that it causes are legal. */
export interface DisturbedRun {
  readonly by: Disturbance
  readonly run: FlowRun
}

/** The effect of a run, for a file and for users. */
export interface Learned {
  /** A JSON value. */
  readonly effect: unknown
  readonly tables: readonly LearnedTable[]
  /** Background, what was not read, retries: one sentence each. */
  readonly notes: readonly string[]
}

/** What a run does to one table, in words. */
export interface LearnedTable {
  readonly table: string
  readonly op: 'appears' | 'changes' | 'disappears'
  /** `exactly one row`, `may repeat` or `not judged`. */
  readonly holds: string
  readonly because: string
  /** The rows of one run, with masks. */
  readonly rows: readonly string[]
}

/** A client sends requests, one after the other, each to the next of the instances that receive requests from outside. */
export interface ClientStart {
  requests(key: string): readonly FlowRequest[]
  /** The client sends each request this often, as after a lost response. One success response is enough. Absent: once. */
  readonly attempts?: number
  /** How long the client waits for a response, in milliseconds. Absent: as long as the client of an X-ray. */
  readonly timeoutMs?: number
  /** The service that receives the requests. Absent: every instance that receives requests from outside, in turn. */
  readonly to?: string
  /** Plays the client instead of `requests`. Rejects without a success; an error with `refused: true` is a refusal. */
  readonly call?: (client: FlowClient) => Promise<unknown>
}

/** What a function needs to play the client of a flow. */
export interface FlowClient {
  /** Different in each run: it belongs in every request. */
  readonly id: string
  /** Of the instance that receives requests from outside: `http://127.0.0.1:8080`. */
  readonly url: string
  /** Aborts when a client no longer waits. */
  readonly signal: AbortSignal
}

/** No client takes part. `begin` brings the system into the state in which it continues alone. Rejects if it cannot. */
export interface DirectStart {
  begin(key: string, addresses: DirectAddresses): Promise<void>
}

/** The client also sends the key, as header `Idempotency-Key`. */
export interface FlowRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/notes` */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** In addition to `Idempotency-Key` and those of the body. Absent: none. */
  readonly headers?: Readonly<Record<string, string>>
  /** What a response means. Absent: 2xx is a success, and a status below 500 is a refusal. */
  outcomeOf?(status: number, body: unknown): Outcome
}

/** What the client has received when all requests are over. */
export interface Ack {
  /** `ok`: success for each request. `fail`: every attempt was refused. Without a client: `ok`. */
  readonly outcome: Outcome
  readonly attempts: readonly AttemptSeen[]
  /** How many requests, from the first one, have a success response. A client that retries does not send them again. Absent: 0. */
  readonly succeeded?: number
}

export interface AttemptSeen {
  readonly instance: string
  readonly startMs: number
  readonly endMs: number
  /** `201`, `timeout`, `ECONNRESET` */
  readonly result: string
  readonly outcome: Outcome
  /** Absent without a response. */
  readonly status?: number
  /** The JSON object of a success response; absent if there is none. */
  readonly body?: Readonly<Record<string, unknown>>
}

/** One run of a flow: what the client received, and the truth before and after. */
export interface FlowRun<Truth = unknown> {
  readonly key: string
  readonly ack: Ack
  /** When the run began, on the clock of the attempts. */
  readonly startMs: number
  /** Wall time of `startMs`, as an ISO date. */
  readonly startedAt: string
  /**
   * Milliseconds from the fault (else from the first request) until the run had settled; null: it did not settle in time.
   */
  readonly settledAfterMs: number | null
  readonly before: Truth
  readonly truth: Truth
  /** The messages that passed the links during the run. */
  readonly exchanges: readonly { readonly event: ExchangeEvent }[]
  /** The client sent the same key again after the run had settled. */
  readonly again?: {
    readonly ack: Ack
    readonly truth: Truth
    /** Those of the first attempt too. */
    readonly exchanges: FlowRun['exchanges']
  }
}

export interface FlowResult {
  readonly result: FlowResultName
  readonly violations: readonly Violation[]
  /** What the stores contain about this run, in words: `paid, charged, booked, 2 from stock`. */
  readonly global: string
  /** The rows of the stores, compared with those of a run without a fault. Absent: the flow does not compare rows. */
  readonly evidence?: readonly EvidenceLine[]
}

/** A row of a store. ` `: as learned; `-`: missing; `+`: further; `~`: with another value. */
export interface EvidenceLine {
  readonly sign: ' ' | '-' | '+' | '~'
  readonly table: string
  readonly text: string
  /** What the columns that differ had without a fault. Only with `~`. */
  readonly learned?: string
}

export interface Violation {
  readonly invariant: string
  readonly expected: string
  readonly actual: string
}

/** What an X-ray needs of a system beyond its flows. Each part has a default. */
export interface SystemXray {
  /**
   * Milliseconds by environment variable: every instance receives these timers, which are shorter than its own and have the
   * same order, so that an X-ray takes minutes. Absent: none.
   */
  readonly timers?: Readonly<Record<string, number>>
  /** Variables of some services or instances beyond the timers, which they may override. Absent: none. */
  readonly environment?: Readonly<Record<string, Environment>>
  /**
   * How long a service waits at most before it continues without a reply, in milliseconds, with these timers. A late reply
   * comes after that time. Undefined, or no function: as long as the client.
   */
  patienceMs?(caller: string, callee: string): number | undefined
  /** Work that can be open without a process that continues it. Absent: none. */
  readonly openWork?: OpenWork
  /** Remembers the state in which every run must begin. Called when the system is settled. Absent: nothing to restore. */
  initialState?(parts: InitialStateParts): Promise<InitialState>
  readonly words?: XrayWords
}

/** A safety net looks for open work. What it has not found in time has no end. */
export interface OpenWork {
  /** Counters in `inFlight` of the system's truth: they count work that only a safety net finds if no other counter is above 0. */
  readonly counters: readonly string[]
  readonly foundWithinMs: number
}

export interface InitialStateParts {
  readonly addresses: DirectAddresses
  /** What has passed the links since the last run began. It grows. */
  readonly recorder: { readonly exchanges: readonly { readonly event: ExchangeEvent }[] }
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface InitialState {
  /** Called before each run. What cannot be restored within some seconds stays as it is. */
  restore(): Promise<void>
}

/** `not-fired`: the flow did not send the message. */
export type ResultMeanings = Readonly<Partial<Record<FlowResultName | 'not-fired', string>>>

/** Words about a system in stories and verdicts. */
export interface XrayWords {
  /** What one run is about: `order`. Absent: `flow`. */
  readonly subject?: string
  /** Services whose name in a sentence differs: `{ api: 'API' }`. */
  readonly services?: Readonly<Record<string, string>>
  /** Signature of the requests whose number a story states if there are several. */
  readonly counted?: string
  /** What a result of a cell means, in legends and titles. Absent: general words about a flow. */
  readonly meanings?: ResultMeanings
  /** A bad result as a clause: `the order did not settle`. Undefined, or no function: the first violation says it. */
  resultClause?(result: FlowResultName, global: string): string | undefined
}
