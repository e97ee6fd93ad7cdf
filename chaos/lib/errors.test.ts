import { expect, test } from 'vitest'

import { messageOf, unknownName } from './errors.ts'

test('an unknown name is answered with the nearest one and the whole list', () => {
  const error = unknownName('fault', 'laterncy', ['latency', 'pause'])
  expect(error.message).toBe('Unknown fault "laterncy". Did you mean "latency"?')
  expect(error.remedy).toBe('Known: latency, pause.')
})

test('a name that is like no other gets no guess', () => {
  expect(unknownName('fault', 'xyzzy', ['latency']).message).toBe('Unknown fault "xyzzy".')
})

test('the message of an error names its causes', () => {
  const error = new Error('cannot start', { cause: new Error('port 1 is taken') })
  expect(messageOf(error)).toBe('cannot start: port 1 is taken')
  expect(messageOf('text')).toBe('text')
})

test('an aggregate without a message speaks through its parts', () => {
  expect(messageOf(new AggregateError([new Error('one'), new Error('two')], ''))).toBe('one; two')
})
