import { expect, test } from 'vitest'

import type { TrapRequest } from '#chaos/contracts/links.ts'
import type { InstanceState } from '#chaos/contracts/runtime.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { StartTimeout } from '#chaos/runtime/start-deadline.ts'

import type { Matrix } from './matrix.ts'
import { summaryText } from './showing/matrix-text.ts'
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

/** The notes as an adopted system whose data plane ends when the first trap is armed, and answers again at once. */
function endingLinks(notes: Sandbox): { readonly sandbox: Sandbox; readonly taps: () => number } {
  let [taps, traps] = [0, 0]
  const links = {
    ...notes.links,
    tap: async (...request: Parameters<Sandbox['links']['tap']>) => {
      taps += 1
      return await notes.links.tap(...request)
    },
    armTrap: async (trap: TrapRequest) => {
      await notes.links.armTrap(trap)
      traps += 1
      if (traps > 1) return
      notes.journal.publish({ type: 'instance', instance: 'links', state: 'exited', by: 'itself' })
      notes.journal.publish({ type: 'instance', instance: 'links', state: 'ready', by: 'itself' })
    },
  }
  const system = { ...notes.system, adopted: true as const }
  return { sandbox: { ...notes, system, links }, taps: () => taps }
}

test('a run whose data plane ends is not judged, and the next runs have new taps', async () => {
  await using notes = await startFakeNotes({ insertsAgain: false })
  const { sandbox, taps } = endingLinks(notes.sandbox)
  const { signal } = new AbortController()
  await using xraySandbox = new XraySandbox(sandbox, { off: [], tag: 'n', signal })
  const { cells } = await sweep({
    flow: 'write-note',
    mode: 'full',
    variant: 'notes',
    sandboxes: [xraySandbox],
    clock: sandbox.clock,
    only: new Set(['INSERT notes/request-cut', 'INSERT notes/reply-cut']),
  })
  // The cut of a reply runs first.
  expect(cells.map(({ result }) => result)).toEqual(['ok-rejected', 'harness-error'])
  expect(cells[1]?.why).toContain('The links ended')
  expect(taps()).toBe(1)
})

/** The notes whose process does not become ready again after it was killed. */
function neverBack(notes: Sandbox): Sandbox {
  let state: InstanceState = 'ready'
  const runtime = {
    ...notes.runtime,
    status: async () => [{ name: 'notes', kind: 'service', state, restarts: 0 }] as const,
    kill: async (...request: Parameters<Sandbox['runtime']['kill']>) => {
      state = 'exited'
      await notes.runtime.kill(...request)
    },
    start: async () => {
      throw new StartTimeout('notes runs but is not ready after 30 s')
    },
  }
  return { ...notes, system: { ...notes.system, adopted: true }, runtime }
}

test('a system that does not become ready again ends the X-ray, and the cells before keep their results', async () => {
  await using notes = await startFakeNotes({ insertsAgain: false })
  const sandbox = neverBack(notes.sandbox)
  const { signal } = new AbortController()
  await using xraySandbox = new XraySandbox(sandbox, {
    off: [],
    tag: 'n',
    signal,
    patienceMs: 200,
  })
  const matrix = await sweep({
    flow: 'write-note',
    mode: 'full',
    variant: 'notes',
    sandboxes: [xraySandbox],
    clock: sandbox.clock,
    budgetMs: 60_000,
    only,
  })
  expect(resultsOf(matrix)).toMatchObject({
    's01/reply-cut': 'ok-indeterminate',
    's02/reply-cut': 'ok-indeterminate',
    's01/request-cut': 'not-run',
    's02/request-cut': 'not-run',
  })
  expect(matrix.summary.stopped).toContain('not ready after 30 s')
  const text = summaryText(matrix).join('\n')
  expect(text).toMatch(/cells did not run: the X-ray stopped: .*notes runs but is not ready/)
})
