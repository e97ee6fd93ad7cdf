import { expect, test } from 'vitest'

import type { Flow, FlowLesson } from '#chaos/contracts/system/flow.ts'

import type { XraySandbox } from '../xray-sandbox.ts'
import { lessonsOf, teachFlow } from './teach-flow.ts'

const clock = { now: () => 0, wallTimeMs: () => 0, sleep: async () => undefined }

/** Teaches a flow in a system that answers each run with the next of these outcomes, then with `ok`. */
async function teach(outcomes: readonly string[] = []) {
  const lessons: FlowLesson[] = []
  const observed: { attempts: number; knows: number; isDisturbed: boolean }[] = []
  const flowThatKnows = (knows: number): Flow =>
    ({
      description: `${knows}`,
      start: { requests: () => [] },
      source: {
        open: () => ({ read: async () => 'nothing', [Symbol.asyncDispose]: async () => {} }),
      },
      learning: {
        learn: (lesson: FlowLesson) => {
          lessons.push({ ...lesson, plain: lesson.plain.slice() })
          return flowThatKnows(lesson.plain.length)
        },
      },
    }) as unknown as Flow
  const sandbox = {
    sandbox: {
      runtime: { addresses: {} },
      truth: {},
      links: {},
      system: { topology: { instances: [], links: [], stores: [] } },
    },
    setup: { signal: new AbortController().signal },
    warm: async () => {},
    observe: async (flow: Flow, _trap: unknown, limits: { disturb?: unknown } = {}) => {
      observed.push({
        attempts: ('requests' in flow.start ? flow.start.attempts : undefined) ?? 1,
        knows: Number(flow.description),
        isDisturbed: limits.disturb !== undefined,
      })
      const outcome = outcomes[observed.length - 1] ?? 'ok'
      return { ack: { outcome, attempts: [{ result: '500' }] }, exchanges: [] }
    },
  }
  let begun = 0
  const begin = (): void => {
    begun += 1
  }
  await teachFlow(sandbox as unknown as XraySandbox, flowThatKnows(0), clock, begin)
  return { observed, lesson: lessons.at(-1), begun, planned: lessonsOf(flowThatKnows(0)) }
}

test('two runs take their whole time, two end with the effect of those, and three are disturbed', async () => {
  const { observed, lesson, begun, planned } = await teach()
  const plain = { attempts: 1, isDisturbed: false }
  const disturbed = { attempts: 1, knows: 0, isDisturbed: true }
  expect(observed).toEqual([
    { ...plain, knows: 0 },
    { ...plain, knows: 0 },
    { ...plain, knows: 2 },
    { ...plain, knows: 3 },
    disturbed,
    { attempts: 2, knows: 0, isDisturbed: false },
    disturbed,
  ])
  expect([begun, planned]).toEqual([7, 7])
  expect(lesson?.plain).toHaveLength(4)
  expect(lesson?.disturbed.map(({ by }) => by)).toEqual([
    'idle-restart',
    'same-id-twice',
    'slow-replies',
  ])
})

test('a disturbance without a success response teaches nothing', async () => {
  const { lesson } = await teach(['ok', 'ok', 'ok', 'ok', 'unknown'])
  expect(lesson?.disturbed.map(({ by }) => by)).toEqual(['same-id-twice', 'slow-replies'])
})

test('a flow that fails without a fault ends the lesson', async () => {
  await expect(teach(['fail'])).rejects.toThrow(/500/)
})
