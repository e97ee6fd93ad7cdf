import type { EnvironmentReader } from './config/environment.ts'

/** The options with which a job is enqueued. */
export interface JobLimits {
  /** Attempts, including the first. */
  readonly attempts: number
  /** Delay before the first retry. It doubles with each further retry. */
  readonly backoffMs: number
}

export function readJobLimits(read: EnvironmentReader): JobLimits {
  return {
    attempts: read.count('JOB_ATTEMPTS', 12, 1),
    backoffMs: read.milliseconds('JOB_BACKOFF_MS', 200),
  }
}
