import { expect, test } from 'vitest'

import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'
import { createRandom } from '#chaos/lib/random.ts'

import { carryOut } from './actions.ts'
import { createHiddenFaults } from './hidden-faults.ts'

test.each([
  ['a session of another store', { action: 'end-session', target: 'redis', pid: 1 }, /"redis"/],
  ['a session without its number', { action: 'end-session', target: 'postgres' }, /No session/],
  ['no setting', { action: 'set', target: 'api' }, /No setting/],
  ['an unknown part', { action: 'restart', target: 'nowhere' }, /"nowhere"/],
] as const)(
  'an action for %s is refused, and nothing has changed',
  async (_what, body, message) => {
    const { sandbox } = await createFakeSandbox()
    await using hidden = createHiddenFaults(sandbox, createRandom(1))
    const seqBefore = sandbox.journal.lastSeq
    const { signal } = new AbortController()
    await expect(carryOut(body, { sandbox, hidden, signal })).rejects.toThrow(message)
    expect(sandbox.journal.since(seqBefore)).toEqual([])
    await sandbox[Symbol.asyncDispose]()
  },
)
