import type {
  Ack,
  ClientStart,
  Flow,
  FlowLearning,
  FlowLesson,
  FlowRun,
  FlowSource,
  Learned,
} from '#chaos/contracts/system/flow.ts'
import { client, type Topology } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { diffSnapshots } from './diff-snapshots.ts'
import type { Corrections, Effect } from './effect.ts'
import { generalised } from './generalise.ts'
import { amountOf, judgeRun } from './judge-run.ts'
import { callTable, learnEffect } from './learn-effect.ts'
import { learnedEffect } from './learned-effect.ts'
import { matchEffect } from './match-effect.ts'
import { readStores, type StoresRequest } from './reading/read-stores.ts'
import type { Change, Row, Snapshot } from './snapshot.ts'
import { falseStatements } from './statements.ts'

/** A flow whose effect is learned. */
export interface DerivedFlow {
  readonly description: string
  readonly start: ClientStart
  readonly topology: Topology
  readonly settleMs: number
  /** Absent: if the same id sent twice has one effect without a fault. */
  readonly retry?: boolean
  readonly stores: StoresRequest
  readonly corrections: Corrections
}

/** A flow that learns its effect from runs without a fault, and judges every other run by it. */
export function derivedFlow(parts: DerivedFlow, effect?: Effect): Flow<Snapshot> {
  const { description, start } = parts
  return {
    description,
    start,
    source: sourceOf(parts, effect),
    learning: learningOf(parts, effect),
    judge: (run) => {
      // Before the lesson only the client's response counts.
      if (effect === undefined) return { result: 'ok', violations: [], global: 'not learned yet' }
      const { again } = run
      return judgeRun({
        effect,
        changes: changesOf(parts, run),
        outcome: run.ack.outcome,
        settled: run.settledAfterMs !== null,
        falseStatements: falseStatements(parts.stores.statements, run.truth.values),
        ...(again === undefined
          ? {}
          : {
              again: {
                outcome: isDone(again.ack, effect) ? 'ok' : again.ack.outcome,
                changes: changesOf(parts, { ...run, ...again }),
              },
            }),
      })
    },
  }
}

function sourceOf(parts: DerivedFlow, effect: Effect | undefined): FlowSource<Snapshot> {
  const { topology, stores, settleMs } = parts
  return {
    settleMs,
    open: (addresses) => ({
      read: async (key) =>
        await readAgain(async () => await readStores(topology, addresses, stores, key)),
      [Symbol.asyncDispose]: async () => undefined,
    }),
    pending: ({ pending }) => pending,
    isCertain: (run) => {
      if (effect === undefined || run.truth.pending > run.before.pending) return false
      // What belongs to a second effect may still go on: the next run must not see it.
      return amountOf(matchEffect(effect, changesOf(parts, run))) === 'whole'
    },
    retries: ({ ack, settledAfterMs, ...run }) => {
      if (effect === undefined || ack.outcome !== 'unknown' || settledAfterMs === null) return false
      if (!(parts.retry ?? effect.idempotent)) return false
      const amount = amountOf(matchEffect(effect, changesOf(parts, run)))
      return amount === 'whole' || amount === 'nothing'
    },
  }
}

/** A store on a busy machine may not answer in time. To read again is safe. */
async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    // The file is wrong: another attempt has the same end.
    if (error instanceof InputError) throw error
    return await read()
  }
}

function learningOf(parts: DerivedFlow, effect: Effect | undefined): FlowLearning {
  const learned = effect && learnedEffect(effect)
  return {
    ...(learned === undefined ? {} : { learned }),
    learn: (lesson) => derivedFlow(parts, effectOf(parts, lesson)),
    recall: (earlier: Learned) => derivedFlow(parts, earlier.effect as Effect),
  }
}

function effectOf(parts: DerivedFlow, { plain, idle, disturbed }: FlowLesson): Effect {
  const { corrections } = parts
  const changes = (runs: readonly FlowRun[]): readonly (readonly Change[])[] =>
    runs.map((run) => changesOf(parts, run as FlowRun<Snapshot>))
  const truths = plain.map(({ truth }) => truth as Snapshot)
  const tables = truths.flatMap((truth) => Object.entries(truth.tables))
  return learnEffect({
    plain: changes(plain),
    disturbed: disturbed.map(({ by, run }) => ({
      by,
      changes: changesOf(parts, run as FlowRun<Snapshot>),
      refusals: refusalsIn(run.ack),
    })),
    idle: diffSnapshots(idle.before as Snapshot, idle.after as Snapshot),
    expiring: new Set(tables.filter(([, { expires }]) => expires).map(([name]) => name)),
    unread: Object.assign({}, ...truths.map(({ unread }) => unread)) as Snapshot['unread'],
    corrections,
  })
}

function refusalsIn({ attempts }: Ack): readonly number[] {
  const statuses = attempts.flatMap(({ outcome, status }) =>
    outcome === 'fail' && status !== undefined ? [status] : [],
  )
  return [...new Set(statuses)]
}

/** Every request has a success response, or the one that says that it was done before. */
function isDone({ attempts }: Ack, { repeatStatuses = [] }: Effect): boolean {
  return attempts.every(
    ({ outcome, status }) =>
      outcome === 'ok' || (status !== undefined && repeatStatuses.includes(status)),
  )
}

/** What the run did to the stores, and the calls to other services that were executed. */
function changesOf(
  { topology }: Pick<DerivedFlow, 'topology'>,
  {
    key,
    before,
    truth,
    exchanges,
  }: Pick<FlowRun<Snapshot>, 'key' | 'before' | 'truth' | 'exchanges'>,
): readonly Change[] {
  const instances = new Set(topology.instances.map(({ name }) => name))
  const rows = diffSnapshots(before, truth, (row) => isForeign(row, key))
  return [...rows, ...callsIn(topology, exchanges, key)].map((change) =>
    generalised(change, { id: key, instances }),
  )
}

/** A row of another run, whose id it carries: a late change. */
function isForeign(row: Row, key: string): boolean {
  const ids: readonly string[] = JSON.stringify(row).match(/\bo-[a-z0-9]+-\d{6}/g) ?? []
  return ids.length > 0 && !ids.includes(key)
}

/** A call is executed when its callee has replied with a success. A request that only reads does not count. */
function callsIn(
  topology: Topology,
  exchanges: FlowRun['exchanges'],
  key: string,
): readonly Change[] {
  const between = new Map(
    topology.links
      .filter(({ protocol, caller }) => protocol === 'http' && caller !== client)
      .map(({ name, callee }) => [name, callee]),
  )
  return exchanges.flatMap(({ event }): Change[] => {
    // A message of an earlier run carries its own key.
    if ((event.transaction ?? key) !== key) return []
    const callee = between.get(event.link)
    if (
      callee === undefined ||
      event.part !== 'reply' ||
      /^(GET|HEAD|OPTIONS) /.test(event.signature)
    )
      return []
    const status = Number(/\d{3}/.exec(event.status ?? '')?.[0] ?? 200)
    if (status >= 400) return []
    const table = `${callTable}${callee} ${event.signature}`
    return [{ table, op: 'appears', row: { call: event.signature } }]
  })
}
