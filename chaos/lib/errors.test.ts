import { expect, test } from 'vitest'

import { InputError, messageOf, unknownName } from './errors.ts'

test('the error about an unknown name suggests the nearest name and lists all names', () => {
  const error = unknownName('fault', 'laterncy', ['latency', 'pause'])
  expect(error.message).toMatch(/fault "laterncy".*"latency"/)
  expect(error.remedy).toContain('latency, pause')
  expect(error.status).toBe(404)
})

test('a name that resembles no known name gets no suggestion', () => {
  expect(unknownName('fault', 'xyzzy', ['latency']).message).not.toContain('latency')
})

test('the message of an error contains its causes', () => {
  const error = new Error('cannot start', { cause: new Error('port 1 is taken') })
  expect(messageOf(error)).toBe('cannot start: port 1 is taken')
  expect(messageOf('text')).toBe('text')
})

test('the message of an aggregate error without a message consists of its parts', () => {
  expect(messageOf(new AggregateError([new Error('one'), new Error('two')], ''))).toBe('one; two')
})

test('an unknown name of a million characters is refused in a moment, with its beginning only', () => {
  const from = performance.now()
  const { message } = unknownName('fault', 'x'.repeat(1_000_000), ['latency', 'crash'])
  expect(performance.now() - from).toBeLessThan(100)
  expect(message.length).toBeLessThan(100)
})

test('a message shortens a word that fills screens', () => {
  const error = new InputError(`"${'x'.repeat(70_000)}" is not a sandbox.`)
  expect(error.message.length).toBeLessThan(400)
  expect(error.message).toMatch(/x\.\.\. is not a sandbox\.$/)
})
