/**
 * Removes the engine's frame headers: one byte with the number of the stream, three zero bytes,
 * four bytes of length.
 */
export async function* demultiplexed(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(4)) {
      const length = rest.readUInt32BE(4)
      yield rest.subarray(8, 8 + length)
      rest = rest.subarray(8 + length)
    }
  }
}
