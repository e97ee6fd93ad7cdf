import type { Leaving, Shutdown } from '#services/lib/seams.ts'

import type { Breach, ProbeTools, SeamContract } from '../contract-probe.ts'

const goal =
  'This includes a customer whose order is being placed, a customer whose request arrives a moment later, and a customer whose order a worker is charging.'
const grace = 'A version that waits for SIGKILL fails a check.'
const graceMs = 5_000
const sigkillMs = 8_000
/** An order takes two seconds in the lab. */
const orderMs = 2_000
const log = { debug() {}, info() {}, warn() {}, error() {} }

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
}

interface Work {
  readonly requests: () => Promise<void>
  readonly jobs: () => Promise<void>
  readonly leaveBalancerMs: number
}

/** Sends SIGTERM and waits until the process has exited or receives SIGKILL. */
async function stop(
  tools: ProbeTools<Shutdown>,
  work: (instance: Instance, now: () => number) => Work,
): Promise<Instance & { readonly exited: boolean }> {
  const shutdown = await tools.load()
  const beganMs = tools.now()
  const now = (): number => tools.now() - beganMs
  const instance: Instance = {}
  const { requests, jobs, leaveBalancerMs } = work(instance, now)
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
    close: async () => void (instance.closedAtMs ??= now()),
    sleep: tools.sleep,
    log,
  }
  const end = await tools.call(async () => await shutdown(leaving), sigkillMs)
  return { ...instance, exited: end.how === 'returned' }
}

const everyMs = 100

/** Until the load balancer has noticed, a request arrives every 100 ms. Each takes two seconds. */
async function shutDownApi(tools: ProbeTools<Shutdown>): Promise<Breach | undefined> {
  const leaveBalancerMs = 1_000
  const arrivals = (instance: Instance, untilMs: number): readonly number[] => {
    const noticedMs = (instance.unreadyAtMs ?? Number.POSITIVE_INFINITY) + leaveBalancerMs
    return arrivalsUntil(Math.min(noticedMs - everyMs, untilMs))
  }
  const instance = await stop(tools, (instance, now) => ({
    requests: async () => await allDone(tools, arrivals(instance, now()), now()),
    jobs: async () => undefined,
    leaveBalancerMs,
  }))
  const closedMs = instance.closedAtMs ?? sigkillMs
  const all = arrivals(instance, Math.max(closedMs, sigkillMs))
  const refused = all.find((at) => at >= Math.min(instance.requestsUntilMs ?? closedMs, closedMs))
  const expected = 'every request receives its response'
  if (refused !== undefined)
    return { expected, actual: `a request ${refused} ms after SIGTERM found a closed port` }
  const cut = all.find((at) => at + orderMs > closedMs)
  return cut === undefined ? undefined : { expected, actual: cutShort('a request', cut, closedMs) }
}

/** Until it takes no new jobs, a job begins every 100 ms. Each takes two seconds. */
async function shutDownWorker(tools: ProbeTools<Shutdown>): Promise<Breach | undefined> {
  const instance = await stop(tools, (_instance, now) => ({
    requests: async () => undefined,
    jobs: async () => await allDone(tools, arrivalsUntil(now()), now()),
    leaveBalancerMs: 500,
  }))
  const closedMs = instance.closedAtMs ?? sigkillMs
  const jobs = arrivalsUntil(Math.min(instance.jobsUntilMs ?? closedMs, closedMs))
  const cut = jobs.find((at) => at + orderMs > closedMs)
  if (cut === undefined) return undefined
  return { expected: 'every job in progress is finished', actual: cutShort('a job', cut, closedMs) }
}

async function closesInTime(
  tools: ProbeTools<Shutdown>,
  endless: 'requests' | 'jobs' | 'both',
): Promise<Breach | undefined> {
  const never = async (): Promise<void> => await new Promise<never>(() => undefined)
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

/** From two seconds before SIGTERM: a part of the work is in progress when the signal arrives. */
function arrivalsUntil(untilMs: number): readonly number[] {
  const count = Math.max(0, Math.ceil((untilMs + orderMs) / everyMs))
  return Array.from({ length: count }, (_, index) => index * everyMs - orderMs + everyMs / 2)
}

async function allDone(
  tools: ProbeTools<Shutdown>,
  arrivals: readonly number[],
  nowMs: number,
): Promise<void> {
  await tools.sleep(Math.max(0, (arrivals.at(-1) ?? 0) + orderMs - nowMs))
}

function cutShort(what: string, atMs: number, closedMs: number): string {
  const when = atMs < 0 ? `${-atMs} ms before` : `${atMs} ms after`
  return `${what} that began ${when} SIGTERM was interrupted: the connections were closed at ${closedMs} ms`
}
