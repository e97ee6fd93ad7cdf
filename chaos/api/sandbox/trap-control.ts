import { randomUUID } from 'node:crypto'

import type { TapBody, TrapBody } from '#chaos/contracts/api.ts'
import { leaseDefaultMs, leaseMaxMs } from '#chaos/contracts/fault.ts'
import type { Tap, TrapRequest, TrapStatus } from '#chaos/contracts/links.ts'
import type { TrapStep } from '#chaos/contracts/scenario.ts'
import { runTrapStep } from '#chaos/engine/run/trap-step.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** Traps and taps that users set by hand. */
export interface TrapControl {
  list(): Promise<readonly TrapStatus[]>
  arm(request: TrapBody): Promise<{ readonly id: string }>
  /** Does nothing when there is no trap with this id. */
  disarm(id: string): Promise<void>
  release(id: string, then: 'deliver' | 'cut' | 'silence'): Promise<void>
  tap(request: TapBody): Promise<Tap>
  untap(id: string): Promise<void>
}

export interface TrapControlParts {
  readonly sandbox: Sandbox
  /** Throws {@link InputError} during a run and while the sandbox is halted. */
  readonly assertAllowed: () => void
}

/** Traps and taps of a sandbox. Each ends with its lease, even if the controller dies: the data plane keeps the lease. */
export function createTrapControl({ sandbox, assertAllowed }: TrapControlParts): TrapControl {
  const { system, links, journal } = sandbox
  const ending = new Map<string, AbortController>()
  const taps = new Map<string, AsyncDisposable>()
  return {
    list: () => links.listTraps(),
    arm: async (request) => {
      assertAllowed()
      checkOneAction(request)
      const id = `trap-${randomUUID().slice(0, 8)}`
      const leaseMs = request.leaseMs ?? leaseDefaultMs
      const found = resolveTargets(system.topology, 'link', request.link)
      if (request.kill === undefined && request.pause === undefined) {
        await links.armTrap({ ...trapRequestOf(request, found), id, expiresInMs: leaseMs })
        return { id }
      }
      refuseClient(request, found)
      const over = new AbortController()
      ending.set(id, over)
      const time = {
        startMs: sandbox.clock.now(),
        // The step arms its trap with a lease that is a little longer than this. The longest lease is `leaseMaxMs`.
        durationMs: Math.min(leaseMs, leaseMaxMs - 20_000),
        over: AbortSignal.any([over.signal, AbortSignal.timeout(leaseMs)]),
        signal: over.signal,
        random: sandbox.random.fork(id),
      }
      const carryOut = async (): Promise<void> => {
        const { state, why } = await runTrapStep(sandbox, stepOf(request), {
          index: 0,
          id,
          time,
          hitBefore: Promise.resolve(null),
          namesOrder: false,
          onHit: () => {},
        })
        ending.delete(id)
        if (state === 'failed') journal.note('error', `The trap ${id} failed: ${why ?? ''}`)
      }
      void carryOut()
      return { id }
    },
    disarm: async (id) => {
      ending.get(id)?.abort(new Error('disarmed'))
      await links.disarmTrap(id)
    },
    release: (id, then) => links.releaseHeld(id, then),
    tap: async ({ link, transactions = [], leaseMs = leaseDefaultMs }) => {
      const id = `tap-${randomUUID().slice(0, 8)}`
      const names = resolveTargets(system.topology, 'link', link)
      // Old taps have ended with their leases: the oldest entry can go. A timer per tap would keep this process alive.
      const [oldest] = taps.keys()
      if (taps.size >= tapsMax && oldest !== undefined) taps.delete(oldest)
      taps.set(id, await links.tap(names, { expiresInMs: leaseMs, transactions }))
      return { id, links: names }
    },
    untap: async (id) => {
      await taps.get(id)?.[Symbol.asyncDispose]()
      taps.delete(id)
    },
  }
}

const tapsMax = 100
const actions = ['then', 'delayMs', 'reply', 'kill', 'pause'] as const

function checkOneAction(request: TrapBody): void {
  const given = actions.filter((name) => request[name] !== undefined)
  if (given.length > 1)
    throw new InputError(
      `The trap has ${given.length} actions: ${given.join(', ')}. It can have only one.`,
      {
        remedy: `Keep one of ${actions.join(', ')}.`,
      },
    )
}

function refuseClient(request: TrapBody, links: readonly string[]): void {
  const end = request.kill ?? request.pause
  if (end === 'caller' && links.some((link) => link.startsWith('client:')))
    throw new InputError(
      `The caller of ${request.link} is the client. The client is not an instance: it cannot be killed or paused.`,
      {
        remedy: 'Use callee, or choose another link.',
      },
    )
}

function trapRequestOf(
  request: TrapBody,
  links: readonly string[],
): Omit<TrapRequest, 'id' | 'expiresInMs'> {
  const { exchange, nth = 1, phase, transaction, delayMs, reply } = request
  return {
    links,
    exchange,
    nth,
    phase,
    ...(transaction === undefined ? {} : { transaction }),
    // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
    then:
      delayMs !== undefined
        ? { do: 'delay', delayMs }
        : reply !== undefined
          ? { do: 'replace', reply }
          : { do: request.then ?? 'deliver' },
  }
}

/** The step that a scenario would have for this trap: the fault starts while the message is held. */
function stepOf(request: TrapBody): TrapStep {
  const { link, exchange, nth = 1, phase, transaction, kill, pause } = request
  return {
    when: {
      link,
      exchange,
      nth,
      phase,
      fromMs: 0,
      ...(transaction === undefined ? {} : { transaction }),
    },
    inject:
      kill === undefined
        ? { kind: 'pause', target: pause ?? 'callee', params: {} }
        : { kind: 'crash', target: kill, params: { downFor: '1s' } },
  }
}
