export interface TelemetryConfig {
  /** Base address of an OTLP receiver, such as `http://127.0.0.1:4318`. Undefined: telemetry is off. */
  readonly endpoint: string | undefined
  /** How long spans and log lines wait for others, to be exported together. */
  readonly spansAfterMs: number
  readonly metricsEveryMs: number
}

/** What the process is, in everything that it exports. */
export interface TelemetrySource {
  /** `api`: the instances of a service share it. */
  readonly service: string
  /** `api-1` */
  readonly instance: string
}
