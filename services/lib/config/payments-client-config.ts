import type { EnvironmentReader } from './environment.ts'

export interface PaymentsClientConfig {
  readonly url: string
  /** Limit for one call, including the wait for a free connection. */
  readonly timeoutMs: number
  readonly connectionsMax: number
}

export function readPaymentsClientConfig(
  read: EnvironmentReader,
  timeoutMs: number,
): PaymentsClientConfig {
  return {
    url: read.url('PAYMENTS_URL', ['http:', 'https:']),
    timeoutMs: read.milliseconds('PAYMENTS_TIMEOUT_MS', timeoutMs, 1),
    connectionsMax: read.count('PAYMENTS_CONNECTIONS_MAX', 50, 1),
  }
}
