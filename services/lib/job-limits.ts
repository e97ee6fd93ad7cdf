import type { EnvironmentReader } from './config/environment.ts'

/** What a job is put into the queue with. */
export interface JobLimits {
  /** Tries, the first included. */
  readonly attempts: number
  /** Of the first retry; it doubles from there on. */
  readonly backoffMs: number
}

export function readJobLimits(read: EnvironmentReader): JobLimits {
  return {
    attempts: read.count('JOB_ATTEMPTS', 12, 1),
    backoffMs: read.milliseconds('JOB_BACKOFF_MS', 200),
  }
}
