import { join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'
import { flowNamed } from '#chaos/xray/flow-named.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import { sweep } from '#chaos/xray/sweep.ts'
import type { XraySetup } from '#chaos/xray/xray-sandbox.ts'

import { compareJudges, judgedTwice, type JudgeComparison } from '../compare-judges.ts'
import { contentHash } from '../content-hash.ts'
import type { Task, TaskResult } from '../task.ts'

const agreeMin = 0.95
/** Longer than any matrix: every cell runs. Cells that are not good then run again. */
const budgetMs = 7_200_000

interface Subject {
  readonly name: string
  readonly flow: 'place-order' | 'retry-order'
  readonly exercise?: NonNullable<XraySetup['exercise']>
  readonly off: readonly string[]
}

const planted = (name: string, seam: string, off: readonly string[] = []): Subject => ({
  name,
  flow: 'place-order',
  exercise: { folder: join(projectRoot, 'chaos/shop/testing/planted', name), seams: [seam] },
  off,
})

const lab = (name: string, seam: string, off: readonly string[]): Subject => ({
  name: name.split('/')[1] ?? name,
  flow: 'place-order',
  exercise: { folder: join(projectRoot, 'labs', name, 'start'), seams: [seam] },
  off,
})

const subjects: readonly Subject[] = [
  { name: 'shop', flow: 'place-order', off: [] },
  { name: 'shop', flow: 'retry-order', off: [] },
  planted('double-charge', 'charge-order'),
  planted('torn-books', 'record-payment'),
  planted('timeout-is-declined', 'charge-order'),
  planted('stock-first', 'reserve-stock'),
  planted('fire-and-forget', 'place-order', ['reconciler']),
  planted('wrong-refusal', 'place-order'),
  planted('waits-forever', 'charge-order', ['reconciler']),
  planted('outbox-after-commit', 'place-order', ['reconciler']),
  planted('slow-retry', 'charge-order', ['reconciler']),
  lab('data-correctness/dual-write', 'place-order', ['reconciler']),
]

/** The flow file of the shop: what a user who knows none of its code would write. */
const flowText = `
description: Place one order.
requests:
  - send: POST /orders
    body: { sku: tea, quantity: 2, customer: ann, note: "order {{id}}" }
services: [payments /books]
settle: 5s
`

/** The learned effect must find what the shop's own judge finds, in the same runs. */
export const derivedTasks: readonly Task[] = subjects.map((subject) => ({
  name: `derived/${subject.flow}/${subject.name}`,
  expected:
    'at least 95 % of the cells agree with the judge of the shop, and no red cell is missed',
  times: 1,
  hash: async () => await hashOf(subject),
  run: async ({ signal }) => judge(await compare(subject, signal)),
}))

async function compare(subject: Subject, signal: AbortSignal): Promise<JudgeComparison> {
  const { exercise, off, name } = subject
  const flow = judgedTwice(system, flowNamed(system, subject.flow), flowText)
  await using opened = await openXraySandboxes({
    system: { ...system, flows: { compared: flow, ...system.flows } },
    count: 3,
    clock: systemClock,
    setup: { off, signal, ...(exercise === undefined ? {} : { exercise }) },
  })
  const { sandboxes } = opened
  const matrix = await sweep({
    flow: 'compared',
    mode: 'full',
    variant: name,
    sandboxes,
    clock: systemClock,
    budgetMs,
  })
  return compareJudges(matrix)
}

function judge({ cells, agree, same, differences, missed }: JudgeComparison): TaskResult {
  const share = cells === 0 ? 0 : agree / cells
  const figures = `${agree} of ${cells} cells agree (${Math.round(1_000 * share) / 10} %), ${same} with the same result`
  const details = differences.map(
    ({ cell, own, derived, why }) => `${cell}: shop ${own}, learned ${derived}: ${why}`,
  )
  return {
    ok: share >= agreeMin && missed.length === 0,
    detail: [figures, ...missed.map((cell) => `missed: ${cell}`), ...details].join('; '),
  }
}

async function hashOf({ exercise }: Subject): Promise<string> {
  const code = exercise === undefined ? [] : [join(exercise.folder, `${exercise.seams[0]}.ts`)]
  return await contentHash(
    'services',
    'chaos/derived',
    'chaos/xray',
    'chaos/shop',
    ...code.map((file) => file.slice(projectRoot.length + 1)),
  )
}
