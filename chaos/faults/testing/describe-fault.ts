import { isDeepStrictEqual } from 'node:util'

import type { Static, TObject, TProperties } from 'typebox'
import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'

import type { Fault, FaultContext, FaultRequest } from '#chaos/contracts/fault.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { createFakeLinks } from './fake-links.ts'
import { createFakeRuntime } from './fake-runtime.ts'
import type { FakeRuntimeOptions } from './fake-runtime.ts'

export interface FaultExample<Params extends TProperties> {
  readonly params: Static<TObject<Params>>
  /** Concrete names. */
  readonly targets: readonly string[]
  readonly runtime?: FakeRuntimeOptions
  /** The fault leaves nothing to heal: lost data stays lost. */
  readonly leavesNothing?: boolean
}

/** Tests the contract of every fault. The fault's own test adds what is special about it. */
export function describeFault<Kind extends string, Params extends TProperties>(
  fault: Fault<Kind, Params>,
  example: FaultExample<Params>,
): void {
  describe(`${fault.kind}, as a fault`, () => {
    test('accepts its example and refuses unknown parameters', () => {
      expect(Check(fault.params, example.params)).toBe(true)
      expect(Check(fault.params, { ...example.params, misspelled: 1 })).toBe(false)
    })

    test('describes itself and every parameter', () => {
      expect(fault.description).toMatch(/^[A-Z].*\.$/)
      const undescribed = Object.entries(fault.params.properties).filter(
        ([, schema]) => !('description' in schema),
      )
      expect(undescribed).toEqual([])
    })

    test('changes its target and heals it when disposed, even twice', async () => {
      const world = createWorld(example.runtime)
      const before = world.look()
      const injected = await fault.inject(requestOf(example), world.context)
      const changed = !isDeepStrictEqual(world.look(), before)
      expect(changed).toBe(example.leavesNothing !== true)
      expect(injected.mechanism).not.toBe('')
      await injected[Symbol.asyncDispose]()
      await injected[Symbol.asyncDispose]()
      expect(world.look()).toEqual(before)
    })

    test('heals its targets when the signal aborts during the injection', async () => {
      const abort = new AbortController()
      const world = createWorld(example.runtime, abort.signal)
      const before = world.look()
      const injecting = fault.inject(requestOf(example), world.context)
      abort.abort(new Error('the run was aborted'))
      await expect(injecting).rejects.toThrow('the run was aborted')
      expect(world.look()).toEqual(before)
    })

    test('does nothing when the signal was aborted before the injection', async () => {
      const world = createWorld(example.runtime, AbortSignal.abort(new Error('too late')))
      const before = world.look()
      await expect(fault.inject(requestOf(example), world.context)).rejects.toThrow('too late')
      expect(world.look()).toEqual(before)
    })
  })
}

export function requestOf<Params>(example: {
  readonly params: Params
  readonly targets: readonly string[]
}): FaultRequest<Params> {
  const { params, targets } = example
  return { id: 'fault-1', targets, params, by: 'user', leaseMs: 60_000 }
}

export function createWorld(options: FakeRuntimeOptions = {}, signal = neverAborted()) {
  const links = createFakeLinks()
  const runtime = createFakeRuntime(options)
  const notes: string[] = []
  const context: FaultContext = {
    topology: system.topology,
    links,
    runtime,
    clock: systemClock,
    random: createRandom(1),
    environmentOf: (name) => runtime.environments.get(name) ?? {},
    codeOf: (name) => ({ EXERCISE_DIR: `my-work/${name}`, EXPECTED_SEAMS: name }),
    leaveToSupervisor: (name) => void runtime.calls.push(`leave ${name}`),
    note: (level, text) => void notes.push(`${level}: ${text}`),
    signal,
  }
  const look = () =>
    structuredClone({
      toxics: links.toxics,
      down: links.down,
      states: runtime.states,
      rules: runtime.rules,
      environments: [...runtime.environments].filter(
        ([, values]) => Object.keys(values).length > 0,
      ),
    })
  return { links, runtime, context, notes, look }
}

function neverAborted(): AbortSignal {
  return new AbortController().signal
}
