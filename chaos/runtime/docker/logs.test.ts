import { expect, it } from 'vitest'

import { demultiplex } from './logs.ts'

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

it('joins the frames of both streams in their order', () => {
  const bytes = Buffer.concat([frame(1, 'a\n'), frame(2, 'b\n'), frame(1, 'ü\n')])
  expect(demultiplex(bytes).toString()).toBe('a\nb\nü\n')
})

it('ignores half a header at the end', () => {
  expect(demultiplex(Buffer.concat([frame(1, 'a\n'), Buffer.alloc(3)])).toString()).toBe('a\n')
})
