import { join } from 'node:path'

import { afterAll, beforeAll } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'

import { takeBaseline } from '../fault-free/take-baseline.ts'
import { flowNamed } from '../flow-named.ts'
import type { Cell } from '../matrix.ts'
import { type OpenXraySandboxes, openXraySandboxes } from '../open-xray-sandboxes.ts'
import { columnNamed, type ColumnId } from '../planning/columns.ts'
import { runCell } from '../run-cell.ts'
import { XraySandbox, type XraySetup } from '../xray-sandbox.ts'

type RunCells = (
  setup: Partial<Pick<XraySetup, 'exercise' | 'off'>>,
  cells: readonly (readonly [string, ColumnId])[],
  runs?: number,
) => Promise<readonly Cell[]>

/** Opens one sandbox for all tests of a file. The result runs some cells of the shop with some code in its seams. */
export function useRunCells(): RunCells {
  const ended = new AbortController()
  let opened: OpenXraySandboxes
  let generation = 0

  beforeAll(async () => {
    opened = await openXraySandboxes({
      system,
      count: 1,
      clock: systemClock,
      setup: { off: [], signal: ended.signal },
    })
  })
  afterAll(async () => {
    await opened[Symbol.asyncDispose]()
  })

  return async (setup, cells, runs = 1) => {
    const sandbox = opened.sandboxes[0]?.sandbox
    if (sandbox === undefined) throw new Error('no sandbox')
    const xraySandbox = new XraySandbox(sandbox, {
      off: [],
      signal: ended.signal,
      tag: `e${(generation += 1)}`,
      ...setup,
    })
    using _recorder = xraySandbox.recorder
    await xraySandbox.prepare()
    const flow = flowNamed(system, 'place-order')
    const { baseline } = await takeBaseline(xraySandbox, flow, systemClock)
    const seen: Cell[] = []
    for (const [signature, id] of cells) {
      const step = baseline.steps.find((one) => one.signature === signature)
      const column = columnNamed(id)
      if (step === undefined || column === undefined)
        throw new Error(`no ${signature} in ${baseline.steps.map(({ key }) => key).join(', ')}`)
      seen.push(await runCell({ sandbox: xraySandbox, flow, baseline, step, column, runs }))
    }
    return seen
  }
}

/** Code in the folder `planted`: a seam as a developer would write it who has never seen this fault. */
export function plantedCode(name: string, seam: string): NonNullable<XraySetup['exercise']> {
  return { folder: join(projectRoot, 'chaos/shop/testing/planted', name), seams: [seam] }
}
