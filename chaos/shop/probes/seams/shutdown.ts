import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Leaving, Shutdown } from '#services/lib/seams.ts'

import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { silentLog } from '../fakes/silent-log.ts'

const goal =
  'This includes a customer whose order is being placed, a customer whose request arrives a moment later, and a customer whose order a worker is charging.'
const grace = 'A version that waits for SIGKILL fails a check.'
const response = 'A customer whose order is being placed receives the response.'
const byThatWorker = 'An order that a worker is charging is finished by that worker.'
const closed =
  'After the time for the load balancer (`leaveBalancerMs`), the process has closed within `graceMs`, even if a request or a job never ends.'
const graceMs = 5_000
const sigkillMs = 8_000
/** An order takes two seconds in the lab. The deadlines of an order end a slower one. */
const orderMs = 2_000
const slowOrderMs = 3_200

export const shutdownContract: SeamContract<Shutdown> = {
  lab: 'graceful-shutdown',
  time: 'jumping',
  probes: [
    {
      name: 'the API finishes every request that arrives until the load balancer has noticed',
      promise: goal,
      run: async (tools) => await shutDownApi(tools),
    },
    {
      name: 'the worker finishes the jobs in progress',
      promise: goal,
      run: async (tools) => await shutDownWorker(tools),
    },
    ...[500, 3_000, 15_000].map((leaveBalancerMs) => ({
      name: `every request gets ${slowOrderMs / 1_000} s, when the load balancer needs ${leaveBalancerMs / 1_000} s`,
      promise: response,
      run: async (tools: ProbeTools<Shutdown>) =>
        await shutDownApi(tools, { leaveBalancerMs, workMs: slowOrderMs }),
    })),
    {
      name: `every job in progress gets ${slowOrderMs / 1_000} s`,
      promise: byThatWorker,
      run: async (tools) => await shutDownWorker(tools, { workMs: slowOrderMs }),
    },
    {
      name: 'the worker finishes the jobs in progress while a request does not end',
      promise: byThatWorker,
      run: async (tools) => await shutDownWorker(tools, { requests: never }),
    },
    {
      name: 'the API finishes the requests in progress while a job does not end',
      promise: response,
      run: async (tools) => await shutDownApi(tools, { jobs: never }),
    },
    {
      name: 'the process exits only after everything is closed',
      promise: closed,
      run: async (tools) => await closesBeforeExit(tools),
    },
    ...(['requests', 'jobs', 'both'] as const).map((endless) => ({
      name: `closes before SIGKILL although ${endless === 'both' ? 'requests and jobs do' : `the ${endless} do`} not end`,
      promise: grace,
      run: async (tools: ProbeTools<Shutdown>) => await closesInTime(tools, endless),
    })),
  ],
}

/** The instance as the load balancer, its clients and the queue see it. Times count from SIGTERM. */
interface Instance {
  unreadyAtMs?: number
  /** From then on it accepts no new requests. */
  requestsUntilMs?: number
  /** From then on it takes no new jobs. */
  jobsUntilMs?: number
  closedAtMs?: number
  /** When everything is closed. */
  closedFullyAtMs?: number
}

interface Work {
  readonly requests: () => Promise<void>
  readonly jobs: () => Promise<void>
  readonly leaveBalancerMs: number
  readonly closeMs?: number
}

const never = async (): Promise<void> => await new Promise<never>(() => undefined)

/** Sends SIGTERM and waits until the process has exited or receives SIGKILL. */
async function stop(
  tools: ProbeTools<Shutdown>,
  work: (instance: Instance, now: () => number) => Work,
): Promise<Instance & { readonly exited: boolean }> {
  const shutdown = await tools.load()
  const beganMs = tools.now()
  const now = (): number => tools.now() - beganMs
  const instance: Instance = {}
  const { requests, jobs, leaveBalancerMs, closeMs = 0 } = work(instance, now)
  const limitMs = Math.max(sigkillMs, leaveBalancerMs + graceMs + closeMs + 2_000)
  const leaving: Leaving = {
    becomeUnready: () => void (instance.unreadyAtMs ??= now()),
    leaveBalancerMs,
    drainRequests: async () => {
      instance.requestsUntilMs ??= now()
      await requests()
    },
    drainJobs: async () => {
      instance.jobsUntilMs ??= now()
      await jobs()
    },
    graceMs,
    close: async () => {
      instance.closedAtMs ??= now()
      if (closeMs > 0) await tools.sleep(closeMs)
      instance.closedFullyAtMs ??= now()
    },
    sleep: tools.sleep,
    log: silentLog,
  }
  const end = await tools.call(async () => await shutdown(leaving), limitMs)
  return { ...instance, exited: end.how === 'returned' }
}

const everyMs = 100

interface Situation {
  readonly leaveBalancerMs?: number
  /** How long each request or job takes. */
  readonly workMs?: number
  readonly requests?: () => Promise<void>
  readonly jobs?: () => Promise<void>
}

/** Until the load balancer has noticed, a request arrives every 100 ms. */
async function shutDownApi(
  tools: ProbeTools<Shutdown>,
  { leaveBalancerMs = 1_000, workMs = orderMs, jobs = async () => undefined }: Situation = {},
): Promise<Breach | undefined> {
  const arrivals = (instance: Instance, untilMs: number): readonly number[] => {
    const noticedMs = (instance.unreadyAtMs ?? Number.POSITIVE_INFINITY) + leaveBalancerMs
    return arrivalsUntil(Math.min(noticedMs - everyMs, untilMs), workMs)
  }
  const instance = await stop(tools, (instance, now) => ({
    requests: async () => await allDone(tools, arrivals(instance, now()), now(), workMs),
    jobs,
    leaveBalancerMs,
  }))
  const closedMs = instance.closedAtMs ?? Math.max(sigkillMs, leaveBalancerMs + graceMs)
  const all = arrivals(instance, Math.max(closedMs, sigkillMs))
  const refused = all.find((at) => at >= Math.min(instance.requestsUntilMs ?? closedMs, closedMs))
  const expected = 'every request receives its response'
  if (refused !== undefined)
    return { expected, actual: `a request ${refused} ms after SIGTERM found a closed port` }
  const cut = all.find((at) => at + workMs > closedMs)
  return cut === undefined ? undefined : { expected, actual: cutShort('a request', cut, closedMs) }
}

/** Until it takes no new jobs, a job begins every 100 ms. */
async function shutDownWorker(
  tools: ProbeTools<Shutdown>,
  { workMs = orderMs, requests = async () => undefined }: Situation = {},
): Promise<Breach | undefined> {
  const instance = await stop(tools, (_instance, now) => ({
    requests,
    jobs: async () => await allDone(tools, arrivalsUntil(now(), workMs), now(), workMs),
    leaveBalancerMs: 500,
  }))
  const closedMs = instance.closedAtMs ?? sigkillMs
  const jobs = arrivalsUntil(Math.min(instance.jobsUntilMs ?? closedMs, closedMs), workMs)
  const cut = jobs.find((at) => at + workMs > closedMs)
  if (cut === undefined) return undefined
  return { expected: 'every job in progress is finished', actual: cutShort('a job', cut, closedMs) }
}

async function closesInTime(
  tools: ProbeTools<Shutdown>,
  endless: 'requests' | 'jobs' | 'both',
): Promise<Breach | undefined> {
  const instance = await stop(tools, () => ({
    requests: endless === 'jobs' ? async () => undefined : never,
    jobs: endless === 'requests' ? async () => undefined : never,
    leaveBalancerMs: endless === 'jobs' ? 500 : 1_000,
  }))
  if (instance.exited && instance.closedAtMs !== undefined) return undefined
  return {
    expected: `the connections are closed and the process exits before SIGKILL, ${sigkillMs / 1_000} s after SIGTERM (grace period ${graceMs / 1_000} s)`,
    actual:
      instance.closedAtMs === undefined
        ? 'it still waits and has closed nothing'
        : 'it does not exit',
  }
}

/** Closing takes half a second: a response or a COMMIT may be in flight. */
async function closesBeforeExit(tools: ProbeTools<Shutdown>): Promise<Breach | undefined> {
  const instance = await stop(tools, () => ({
    requests: async () => undefined,
    jobs: async () => undefined,
    leaveBalancerMs: 500,
    closeMs: 500,
  }))
  if (instance.exited && instance.closedFullyAtMs !== undefined) return undefined
  return {
    expected: 'the process exits after its connections are closed',
    actual: instance.exited ? 'it exited while they were being closed' : 'it does not exit',
  }
}

/** From before SIGTERM: a part of the work is in progress when the signal arrives. */
function arrivalsUntil(untilMs: number, workMs: number): readonly number[] {
  const count = Math.max(0, Math.ceil((untilMs + workMs) / everyMs))
  return Array.from({ length: count }, (_, index) => index * everyMs - workMs + everyMs / 2)
}

async function allDone(
  tools: ProbeTools<Shutdown>,
  arrivals: readonly number[],
  nowMs: number,
  workMs: number,
): Promise<void> {
  await tools.sleep(Math.max(0, (arrivals.at(-1) ?? 0) + workMs - nowMs))
}

function cutShort(what: string, atMs: number, closedMs: number): string {
  const when = atMs < 0 ? `${-atMs} ms before` : `${atMs} ms after`
  return `${what} that began ${when} SIGTERM was interrupted: the connections were closed at ${closedMs} ms`
}
