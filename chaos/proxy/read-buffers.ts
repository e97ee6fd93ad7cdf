/** Read by every quiet direction of the process: what is in it must be copied out before the next read. */
export const sharedBuffer = Buffer.allocUnsafeSlow(64 * 1024)

const bulkBytes = 512 * 1024
const keptMax = 32
const free: Buffer[] = []

/** A large buffer of one's own, so that bulk is written without a copy. */
export function takeBulkBuffer(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(bulkBytes)
}

/** Only when no write refers to it any more. */
export function giveBulkBufferBack(buffer: Buffer): void {
  if (free.length < keptMax) free.push(buffer)
}
