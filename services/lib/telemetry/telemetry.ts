/** A W3C traceparent: what another process needs to continue a trace. */
export type Traceparent = string

export type Attributes = Readonly<Record<string, string | number | boolean>>

/** What the process is, in everything that it exports. */
export interface TelemetrySource {
  /** `api`: the instances of a service share it. */
  readonly service: string
  /** `api-1` */
  readonly instance: string
}

export interface SpanStart {
  /** With few different values: `POST /orders`, not `POST /orders/o-7f-17`. */
  readonly name: string
  readonly kind: 'server' | 'client' | 'producer' | 'consumer'
  readonly attributes: Attributes
  /** Absent or undefined: the active span. */
  readonly parent?: Traceparent | undefined
  /** Only of a consumer: number of this delivery of the message, from 1. A later one links to the one before it. */
  readonly delivery?: number
  /** The message may have been sent before: a link leads to the span that wrote it first. */
  readonly repeats?: Traceparent | undefined
  /** Attempts at the same request have the same text. A later attempt in the same work links to the one before it. */
  readonly attemptAt?: string
}

export interface SpanEnd {
  readonly attributes?: Attributes
  /** The work failed: what it rejected with, or a short name such as the status of a response. */
  readonly error?: unknown
}

export interface OpenSpan {
  /** Runs the callback, and everything that it starts, inside the span. */
  run<T>(callback: () => T): T
  add(attributes: Attributes): void
  event(name: string, attributes?: Attributes): void
  end(result?: SpanEnd): void
}

export type LogSeverity = 'debug' | 'info' | 'warn' | 'error'

/** The few parts of tracing that the shop's code uses. {@link noTelemetry} is all of it while telemetry is off. */
export interface Telemetry {
  readonly isOn: boolean
  /** Runs the work in a span. Resolves and rejects as the work does. While telemetry is off, `start` is not called. */
  inSpan<T>(start: () => SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T>
  /** Begins a span that the caller ends. */
  begin(start: SpanStart): OpenSpan
  /** The active span, for a message to another process. Undefined: there is none. */
  traceparent(): Traceparent | undefined
  /** The active span, for a line of the log. */
  logFields(): Readonly<Record<string, string>>
  log(severity: LogSeverity, message: string, facts: object): void
  /** Exports a figure under the name that it has at /metrics. */
  observe(figure: Figure): void
  /** Exports what is left, for a second at most. */
  close(): Promise<void>
}

export interface Figure {
  readonly name: string
  readonly help: string
  readonly kind: 'counter' | 'gauge'
  read(): Promise<readonly { readonly value: number; readonly attributes: Attributes }[]>
}

const noSpan: OpenSpan = {
  run: (callback) => callback(),
  add: () => undefined,
  event: () => undefined,
  end: () => undefined,
}

/** Telemetry that is off. */
export const noTelemetry: Telemetry = {
  isOn: false,
  inSpan: async (_start, work) => await work(noSpan),
  begin: () => noSpan,
  traceparent: () => undefined,
  logFields: () => ({}),
  log: () => undefined,
  observe: () => undefined,
  close: async () => undefined,
}
