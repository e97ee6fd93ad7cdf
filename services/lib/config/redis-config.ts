import type { EnvironmentReader } from './environment.ts'

export interface RedisConfig {
  readonly url: string
  readonly instance: string
  /** How long one command may take. */
  readonly commandTimeoutMs: number
}

export function readRedisConfig(read: EnvironmentReader, instance: string): RedisConfig {
  return {
    url: read.url('REDIS_URL', ['redis:', 'rediss:']),
    instance,
    commandTimeoutMs: read.milliseconds('REDIS_COMMAND_TIMEOUT_MS', 500, 1),
  }
}
