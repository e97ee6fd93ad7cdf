import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { noProgress, type LabProgress } from '../progress-store.ts'
import { answeredProgress } from './answer-transfer.ts'
import { parseTransfer } from './read-transfer.ts'
import { laterAfterMs, transferDue } from './transfer-due.ts'

const code = "await db.query('INSERT')\nawait publish()\nawait reply()\n"
const question = (parts: { readonly publish?: string; readonly lost?: string } = {}): string => `
title: A title
setting: A setting
messages:
  - { at: await publish, says: the publish, ${parts.publish ?? 'right: true'} }
  - { at: INSERT, says: the insert }
choices:
  - { id: lost, says: It is lost., ${parts.lost ?? 'right: true'} }
  - { id: twice, says: It comes twice., wrong: It does not. }
  - { id: late, says: It is late., wrong: It is not. }
  - { id: nothing, says: All is well., wrong: It is not. }
explanation: Because.
elsewhere: [Somewhere]
`
const transfer = parseTransfer(code, question(), 'x/now')

test('messages are numbered by their lines, which come from the code', () => {
  expect(transfer.messages).toEqual([
    { number: 1, line: 1, says: 'the insert' },
    { number: 2, line: 2, says: 'the publish' },
  ])
  expect(transfer.right).toEqual({ messages: [2], choice: 'lost' })
})

test.each([
  ['text that no line contains', code.replace('publish', 'send'), question(), /0 lines.*publish/],
  ['text of two lines', `${code}await publish()\n`, question(), /2 lines.*publish/],
  [
    'two right choices',
    code,
    question().replace('wrong: It does not.', 'right: true'),
    /2 choices/,
  ],
  ['no right message', code, question({ publish: '' }), /message as right/],
  ['a missing text', code, question().replace('explanation: Because.', ''), /question\.yaml/],
])('%s is an error of the lab', (_, source, text, message) => {
  expect(() => parseTransfer(source, text, 'x/now')).toThrow(message)
})

const heldAt = '2030-01-01T00:00:00.000Z'
const held: LabProgress = {
  ...noProgress,
  outcomes: [{ run: 'a', outcome: 'held', at: heldAt }],
}
const nowMs = Date.parse(heldAt) + 60_000
const right = { step: 'now', message: 2, choice: 'lost', confidence: 80 } as const

test('the first question is locked until the code holds', () => {
  expect(transferDue(noProgress, nowMs)).toMatchObject({ state: 'locked', dueAt: null })
  expect(() => answeredProgress('x', noProgress, transfer, right, nowMs)).toThrow(/locked/)
  expect(transferDue(held, nowMs)).toEqual({ state: 'due', dueAt: heldAt, step: 'now' })
})

test('the second question cannot be answered before the first one', () => {
  const later = { ...right, step: 'later' } as const
  expect(() => answeredProgress('x', held, transfer, later, nowMs)).toThrow(/first answer/)
})

test('the second question is due a week after the first answer', () => {
  const once = answeredProgress('x', held, transfer, right, nowMs)
  const dueMs = nowMs + laterAfterMs
  const dueAt = new Date(dueMs).toISOString()
  expect(transferDue(once, dueMs - 1)).toMatchObject({ state: 'waiting', dueAt })
  expect(transferDue(once, dueMs)).toMatchObject({ state: 'due', dueAt, step: 'later' })
  const later = { ...right, step: 'later' } as const
  expect(() => answeredProgress('x', once, transfer, later, dueMs - 1)).toThrow(InputError)
  const twice = answeredProgress('x', once, transfer, later, dueMs)
  expect(transferDue(twice, dueMs)).toMatchObject({ state: 'done', dueAt: null })
})

test.each([
  [{ message: 2, choice: 'lost' }, true],
  [{ message: 1, choice: 'lost' }, false],
  [{ message: 2, choice: 'twice' }, false],
  [{ message: 0, choice: 'nothing' }, false],
])('the answer %j is right: %s', (given, expected) => {
  const after = answeredProgress('x', held, transfer, { ...right, ...given }, nowMs)
  expect(after.transfer?.now).toMatchObject({ ...given, right: expected, confidence: 80 })
})

test('where nothing is wrong, the right answer names no message', () => {
  const text = question({ publish: '', lost: 'wrong: It is not.' }).replace(
    'says: All is well., wrong: It is not.',
    'says: All is well., right: true',
  )
  const fine = parseTransfer(code, text, 'x/now')
  const answer = (message: number) =>
    answeredProgress('x', held, fine, { ...right, message, choice: 'nothing' }, nowMs).transfer?.now
  expect(answer(0)?.right).toBe(true)
  expect(answer(1)?.right).toBe(false)
})

test.each([
  ['a message that the code does not have', { message: 3 }, /3/],
  ['an unknown choice', { choice: 'lots' }, /lots/],
])('%s is refused', (_, given, message) => {
  expect(() => answeredProgress('x', held, transfer, { ...right, ...given }, nowMs)).toThrow(
    message,
  )
})

test('a second answer is refused', () => {
  const once = answeredProgress('x', held, transfer, right, nowMs)
  expect(() => answeredProgress('x', once, transfer, right, nowMs)).toThrow(/already/)
})
