import { client } from '#chaos/contracts/topology.ts'

import type { ActingSandbox } from './act-on-trap.ts'
import { restartInstance } from './between-runs/restart-instance.ts'
import { clientTimeoutMs } from './planning/patience.ts'
import type { Recorder } from './recorder.ts'

/** The delay of each reply, at most. Also a caller with a short timeout receives it. */
const slowMaxMs = 250
const slowMinMs = 20
/** Longer than a run. The toxics are removed when the run has settled. */
const slowLeaseMs = 120_000
const toxicName = 'xray-slow-reply'

/** A harmless disturbance that begins when the stores have been read, and ends when it is disposed. */
export type BeginDisturbance = () => Promise<AsyncDisposable>

/** Delays every reply between services, so that all of them together take less than half of the client's timeout. */
export function slowReplies(
  { sandbox: { links, system } }: ActingSandbox,
  exchanges: Recorder['exchanges'],
  timeoutMs = clientTimeoutMs,
): BeginDisturbance {
  const names = system.topology.links
    .filter(({ caller }) => caller !== client)
    .map(({ name }) => name)
  const replies = exchanges.filter(
    ({ event: { link, part } }) => part === 'reply' && names.includes(link),
  )
  const latency = Math.round(
    Math.max(slowMinMs, Math.min(slowMaxMs, timeoutMs / 2 / Math.max(1, replies.length))),
  )
  return async () => {
    await using added = new AsyncDisposableStack()
    for (const link of names) {
      const toxic = { name: toxicName, type: 'latency', attributes: { latency, jitter: 0 } }
      await links.addToxic(link, { ...toxic, expiresInMs: slowLeaseMs })
      added.defer(async () => await links.removeToxic(link, toxicName))
    }
    return added.move()
  }
}

/** Restarts every process that receives no request from outside, or all if there is no other. */
export function idleRestart(acting: ActingSandbox): BeginDisturbance {
  const { instances, links } = acting.sandbox.system.topology
  const entries = new Set(
    links.flatMap(({ caller, callee }) => (caller === client ? [callee] : [])),
  )
  const own = instances.filter(({ external }) => external !== true)
  const idle = own.filter(({ name }) => !entries.has(name))
  return async () => {
    await restart(acting, idle.length === 0 ? own : idle)
    return new AsyncDisposableStack()
  }
}

/** Restarts every process of the system. */
export async function restartEvery(acting: ActingSandbox): Promise<void> {
  const { instances } = acting.sandbox.system.topology
  await restart(
    acting,
    instances.filter(({ external }) => external !== true),
  )
}

async function restart(
  { sandbox: { runtime }, setup: { signal } }: ActingSandbox,
  instances: readonly { readonly name: string }[],
): Promise<void> {
  const statuses = await runtime.status()
  // A job that has ended stays ended.
  const ready = new Set(statuses.filter(({ state }) => state === 'ready').map(({ name }) => name))
  await Promise.all(
    instances
      .filter(({ name }) => ready.has(name))
      .map(async ({ name }) => await restartInstance(runtime, name, signal)),
  )
}
