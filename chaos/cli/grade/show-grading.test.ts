import { expect, test } from 'vitest'

import { broken } from '#chaos/grading/grade-lab.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { createPrinter } from '../ui/printer.ts'
import { showGrading } from './show-grading.ts'

test('names and results that contain control characters do not reach the terminal as such', () => {
  let written = ''
  const stream = { isTTY: true, write: (text: string) => (written += text) }
  const err = createPrinter(stream, { noColour: true, environment: {} })
  const { begin, grade } = showGrading({ err, clock: systemClock })
  const position = { learner: 'Ada\u001b[2J\u0007', lab: 'lab\r', number: 1, total: 1 }
  begin(position)
  grade(
    { ...position, file: 'a.json', grade: broken('\u001b]0;title\u0007ends\u009b2J') },
    { ...position, isKept: false },
  )
  expect(written.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  expect(written).toContain('Ada')
  expect(written).toContain('ends')
})
