/** Read by every quiet direction of the process: what is in it must be copied out before the next read. */
export const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/** The larger the better, up to what the kernel has waiting: measured from 128 kB to 2 MB. */
const bulkBytes = 2 * 1024 * 1024
/** So many directions may have one at a time; the others copy. */
const outMax = 64
/** So many are kept for the next ones. */
const keptMax = 8

const free: Buffer[] = []
let out = 0

/** A large buffer of one's own, so that bulk is written without a copy; null when too many have one already. */
export function takeBulkBuffer(): Buffer | null {
  if (out >= outMax) return null
  out++
  return free.pop() ?? Buffer.allocUnsafeSlow(bulkBytes)
}

/** `reusable` false: a write may still refer to it, so nobody else may have it. */
export function returnBulkBuffer(buffer: Buffer, reusable: boolean): void {
  out--
  if (reusable && free.length < keptMax) free.push(buffer)
}
