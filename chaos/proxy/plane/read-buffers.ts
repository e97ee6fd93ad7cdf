/** Shared by all pipes without bulk data: copy the bytes out before the next read. */
export const sharedReadBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/** Measured from 128 kB to 2 MB: larger is faster, up to the size of the kernel's receive buffer. */
const bulkBytes = 2 * 1024 * 1024
/** This many pipes may have a large buffer at a time; the others copy. */
const outMax = 64
/** This many returned buffers are kept for reuse. */
const keptMax = 8

const free: Buffer[] = []
let out = 0

/** A large buffer for one pipe, so bulk data is written without a copy. Null if too many pipes have one. */
export function takeBulkBuffer(): Buffer | null {
  if (out >= outMax) return null
  out++
  return free.pop() ?? Buffer.allocUnsafeSlow(bulkBytes)
}

/** `reusable` false: a write may still use the buffer, so no other pipe may get it. */
export function returnBulkBuffer(buffer: Buffer, reusable: boolean): void {
  out--
  if (reusable && free.length < keptMax) free.push(buffer)
}
