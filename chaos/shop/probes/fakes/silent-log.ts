import type { Log } from '#services/lib/start/log.ts'

/** For code that needs a log, where no probe reads it. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
