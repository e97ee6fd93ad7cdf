import { expect, it } from 'vitest'

import { demultiplexed } from './demultiplexed.ts'

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

async function textOf(chunks: Buffer[]): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of demultiplexed(chunks)) parts.push(part)
  return Buffer.concat(parts).toString()
}

it('joins the frames of both streams in order', async () => {
  const bytes = Buffer.concat([frame(1, 'a\n'), frame(2, 'b\n'), frame(1, 'ü\n')])
  expect(await textOf([bytes])).toBe('a\nb\nü\n')
})

it('reads frames that are split at any byte', async () => {
  const bytes = Buffer.concat([frame(1, 'a\n'), frame(2, 'bcd\n')])
  const chunks = Array.from(bytes, (byte) => Buffer.of(byte))
  expect(await textOf(chunks)).toBe('a\nbcd\n')
})

it('ignores an incomplete frame at the end', async () => {
  expect(await textOf([frame(1, 'a\n'), frame(1, 'lost').subarray(0, 10)])).toBe('a\n')
})
