import { expect, test } from 'vitest'

import type { Matrix } from './matrix.ts'
import { sweep } from './sweep.ts'
import { startFakeNotes } from './testing/fake-notes.ts'
import { XraySandbox } from './xray-sandbox.ts'

const columns = ['request-cut', 'reply-cut', 'caller-dies-before', 'callee-dies-after']
const messages = ['POST /notes', 'INSERT notes']
const only = new Set(messages.flatMap((one) => columns.map((column) => `${one}/${column}`)))

async function matrixOf(insertsAgain: boolean): Promise<Matrix> {
  await using notes = await startFakeNotes({ insertsAgain })
  const { sandbox } = notes
  const { signal } = new AbortController()
  await using xraySandbox = new XraySandbox(sandbox, { off: [], tag: 'n', signal })
  return await sweep({
    flow: 'write-note',
    mode: 'full',
    variant: 'notes',
    sandboxes: [xraySandbox],
    clock: sandbox.clock,
    only,
  })
}

const resultsOf = ({ cells }: Matrix): Readonly<Record<string, string>> =>
  Object.fromEntries(cells.map(({ id, result }) => [id, result]))

test('a system with one process, one database and one flow has a matrix', async () => {
  const matrix = await matrixOf(false)
  expect(matrix.steps.map(({ key }) => key)).toEqual([
    'client:notes|POST /notes|1',
    'notes:postgres|INSERT notes|1',
  ])
  expect(resultsOf(matrix)).toEqual({
    's01/request-cut': 'ok-rejected',
    's01/reply-cut': 'ok-indeterminate',
    's01/caller-dies-before': 'n/a',
    's01/callee-dies-after': 'ok-indeterminate',
    's02/request-cut': 'ok-rejected',
    's02/reply-cut': 'ok-indeterminate',
    's02/caller-dies-before': 'ok-rejected',
    's02/callee-dies-after': 'ok-indeterminate',
  })
  expect(matrix.env.timersScaled).toEqual({})
  const died = matrix.cells.find(({ id }) => id === 's02/caller-dies-before')
  expect(died?.restarts).toEqual(['notes'])
  expect(died?.story).toContain('The notes settles')
})

test('its bug is found: an INSERT that is repeated after its reply was lost', async () => {
  const matrix = await matrixOf(true)
  expect(resultsOf(matrix)).toMatchObject({
    's02/request-cut': 'ok-retried',
    's02/reply-cut': 'double-effect',
  })
  const [worst] = matrix.classes
  expect(worst?.title).toContain('2 notes')
  // Without words of its own.
  expect(worst?.title).toContain('the flow')
  expect(matrix.cells.find(({ id }) => id === 's02/reply-cut')?.confirmed).toBe('3/3')
})
