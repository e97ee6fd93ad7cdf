import { expect, test } from 'vitest'

import { createSpanSender } from './span-sender.ts'

test('its end resolves although the receiver is down', async () => {
  // No process listens there.
  const sender = createSpanSender('http://127.0.0.1:1', { service: 'unhappy-chaos', sandbox: 0 })
  sender.send({ name: 'fault latency', kind: 'internal', startMs: 0, endMs: 1, attributes: {} })
  await expect(sender[Symbol.asyncDispose]()).resolves.toBeUndefined()
})
