import { expect, test } from 'vitest'

import { createPrinter } from '../ui/printer.ts'
import { restartUncut } from './restart-uncut.ts'

const uncut = [
  { container: 'abc', service: 'web', count: 2 },
  { container: 'def', service: 'worker', count: 1 },
]

async function restartWith(given: {
  readonly agreed?: boolean
  readonly interactive?: boolean
  readonly json?: boolean
  readonly answers?: readonly boolean[]
}): Promise<{
  readonly done: readonly string[]
  readonly asked: readonly string[]
  readonly printed: string
}> {
  const [done, asked]: [string[], string[]] = [[], []]
  const answers = [...(given.answers ?? [])]
  let printed = ''
  const err = createPrinter(
    { write: (text) => void (printed += text) },
    { noColour: true, environment: {} },
  )
  const { interactive = false, json = false, agreed = false } = given
  const restarted = await restartUncut({ interactive, json, err, program: 'npx unhappy' }, uncut, {
    agreed,
    confirm: async (question) => {
      asked.push(question)
      return answers.shift() ?? false
    },
    restart: async (container) => void done.push(container),
  })
  expect(restarted.map(({ container }) => container)).toEqual(done)
  return { done, asked, printed }
}

test('without agreement nothing is restarted and nothing is asked: the remedy is printed', async () => {
  for (const given of [{}, { interactive: true, json: true }]) {
    const { done, asked, printed } = await restartWith(given)
    expect([done, asked]).toEqual([[], []])
    expect(printed).toContain('docker compose restart web')
    expect(printed).toContain('npx unhappy adopt --cut --restart')
  }
})

test('at a terminal, each container is asked about on its own', async () => {
  const { done, asked } = await restartWith({ interactive: true, answers: [false, true] })
  expect(done).toEqual(['def'])
  expect(asked).toHaveLength(2)
  expect(asked[0]).toMatch(/2 connections of web.*Restart/)
})

test('--restart is agreement for all of them', async () => {
  const { done, asked } = await restartWith({ agreed: true })
  expect([done, asked]).toEqual([['abc', 'def'], []])
})
