import { expect, test } from 'vitest'

import { createPrinter } from '../ui/printer.ts'
import { evidenceLines } from './evidence-lines.ts'

const evidence = [
  { sign: '-', table: 'outbox', text: 'appears: id: ‹number›' },
  { sign: '~', table: 'stock', text: 'changes: Δleft: -4', learned: 'Δleft: -2' },
] as const

const printer = (environment: Readonly<Record<string, string>>) =>
  createPrinter({ isTTY: true, write: () => true }, { noColour: false, environment })

test('a row with another value has the learned value below it', () => {
  expect(evidenceLines(evidence, printer({ NO_COLOR: '1' }))).toEqual([
    '- outbox appears: id: ‹number›',
    '~ stock changes: Δleft: -4',
    '    learned: Δleft: -2',
  ])
})

test('a terminal shows missing rows in red', () => {
  const [first] = evidenceLines(evidence, printer({}))
  expect(first).toBe('\u001B[31m- outbox appears: id: ‹number›\u001B[39m')
})
