import { reportsPerRequestMax } from '#chaos/contracts/workshop.ts'
import type { Report } from '#chaos/contracts/workshop.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { sendReports } from './host.ts'
import type { Membership, MembershipFile } from './membership-file.ts'
import { reportText } from './report-text.ts'

const lastSentMax = 20
const refusedMax = 100
/** Characters of one request, without its frame. One report can be larger. */
const requestMax = 1_000_000

/**
 * Sends the queue in its sequence, and removes what the host has acknowledged. A report that the host calls invalid is set
 * aside: it must not block those behind it. Resolves at the first other failure, and keeps its text as `problem`.
 */
export async function sendPending(
  file: MembershipFile,
  { signal, now }: { readonly signal: AbortSignal; readonly now: () => string },
): Promise<void> {
  for (let size = reportsPerRequestMax; ;) {
    const membership = await file.read()
    if (membership === null) return
    const batch = nextBatch(membership.pending, size)
    if (batch.length === 0) {
      await endOrSettle(file, membership)
      return
    }
    try {
      const acknowledged = new Set(await sendReports(membership, batch, signal))
      if (!batch.some(({ id }) => acknowledged.has(id))) throw new Error('nothing was acknowledged')
      await file.change((before) => without(before, membership, acknowledged, now()))
      size = reportsPerRequestMax
    } catch (error) {
      if (signal.aborted) return
      if (!isInvalid(error)) return await keepProblem(file, membership, error)
      // One of them is invalid: the next round sends them one by one.
      if (batch.length === 1) await setAside(file, membership, batch, error)
      size = 1
    }
  }
}

function nextBatch(pending: readonly Report[], most: number): readonly Report[] {
  const batch: Report[] = []
  let size = 0
  for (const report of pending.slice(0, most)) {
    size += JSON.stringify(report).length
    if (batch.length > 0 && size > requestMax) break
    batch.push(report)
  }
  return batch
}

function isInvalid(error: unknown): boolean {
  return error instanceof InputError && [400, 413, 422].includes(error.status)
}

/** The queue is empty: a learner who has left is out. */
async function endOrSettle(
  file: MembershipFile,
  { isLeaving, problem }: Membership,
): Promise<void> {
  if (!isLeaving && problem === null) return
  await file.change((before) => {
    if (before === null || before.pending.length > 0) return before
    return before.isLeaving ? null : { ...before, problem: null }
  })
}

function without(
  before: Membership | null,
  sentBy: Membership,
  acknowledged: ReadonlySet<string>,
  at: string,
): Membership | null {
  if (before === null || before.key !== sentBy.key) return before
  const sent = before.pending.filter(({ id }) => acknowledged.has(id))
  if (sent.length === 0) return before
  const texts = sent.map((report) => ({ at, text: reportText(report) })).toReversed()
  return {
    ...before,
    pending: before.pending.filter(({ id }) => !acknowledged.has(id)),
    sent: before.sent + sent.length,
    lastSent: [...texts, ...before.lastSent].slice(0, lastSentMax),
    problem: null,
  }
}

async function setAside(
  file: MembershipFile,
  { key }: Membership,
  [report]: readonly Report[],
  error: unknown,
): Promise<void> {
  await file.change((before) => {
    if (before === null || before.key !== key || report === undefined) return before
    return {
      ...before,
      pending: before.pending.filter(({ id }) => id !== report.id),
      refused: [...before.refused, { report, error: messageOf(error) }].slice(-refusedMax),
    }
  })
}

async function keepProblem(
  file: MembershipFile,
  { key }: Membership,
  error: unknown,
): Promise<void> {
  const remedy = error instanceof InputError && error.remedy !== undefined ? ` ${error.remedy}` : ''
  const problem = `${messageOf(error)}${remedy}`
  await file.change((before) =>
    before === null || before.key !== key || before.problem === problem
      ? before
      : { ...before, problem },
  )
}
