import { join } from 'node:path'

import { afterAll, beforeAll } from 'vitest'

import { systemClock } from '../../lib/clock.ts'
import { columnNamed, type ColumnId } from '../columns.ts'
import type { Cell } from '../matrix.ts'
import { type OpenStacks, openStacks } from '../open-stacks.ts'
import { runCell } from '../run-cell.ts'
import { Stack, type StackSetup } from '../stack.ts'
import { takeBaseline } from '../sweep.ts'

type Look = (
  setup: Partial<Pick<StackSetup, 'exercise' | 'off'>>,
  cells: readonly (readonly [string, ColumnId])[],
  runs?: number,
) => Promise<readonly Cell[]>

/** One stack for all tests of a file. The result looks at some cells of the shop with some code in it. */
export function useOneStack(): Look {
  const ended = new AbortController()
  let opened: OpenStacks
  let generation = 0

  beforeAll(async () => {
    opened = await openStacks({
      count: 1,
      clock: systemClock,
      setup: { off: [], signal: ended.signal },
    })
  })
  afterAll(async () => {
    await opened[Symbol.asyncDispose]()
  })

  return async (setup, cells, runs = 1) => {
    const sandbox = opened.stacks[0]?.sandbox
    if (sandbox === undefined) throw new Error('no sandbox')
    const stack = new Stack(sandbox, {
      off: [],
      signal: ended.signal,
      tag: `e${(generation += 1)}`,
      ...setup,
    })
    using _recorder = stack.recorder
    await stack.prepare()
    const { baseline } = await takeBaseline(stack, 'place-order', systemClock)
    const seen: Cell[] = []
    for (const [signature, id] of cells) {
      const step = baseline.steps.find((one) => one.signature === signature)
      const column = columnNamed(id)
      if (step === undefined || column === undefined)
        throw new Error(`no ${signature} in ${baseline.steps.map(({ key }) => key).join(', ')}`)
      seen.push(await runCell({ stack, flow: 'place-order', baseline, step, column, runs }))
    }
    return seen
  }
}

/** Code of the folder `naive`: a seam as somebody would write it who has not met this fault. */
export function naiveCode(name: string, seam: string): NonNullable<StackSetup['exercise']> {
  return { folder: join(import.meta.dirname, 'naive', name), seams: [seam] }
}
