import { expect, test } from 'vitest'

import { createRandom } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { familyOf } from './answers.ts'
import { debriefOf } from './debrief.ts'
import { createPlaces } from './places.ts'
import { scheduleIncident } from './schedule.ts'

test('a place of the chain is named if the score counts it: by a pattern, or by one of its names', () => {
  const pattern = system.gamedays?.incidents.find(({ chain }) => chain[1]?.place === 'worker-*')
  if (pattern === undefined) throw new Error('the catalogue has changed')
  const pace = { pauseMs: [0, 0], quietMs: [0, 0] } as const
  const namedAfter = (...chain: readonly string[]): readonly boolean[] => {
    const evidence = {
      begunAtMs: 0,
      limitMs: 100_000,
      answers: [{ wrong: true, chain, atMs: 1 }],
      actions: [],
      held: false,
      heldAgain: null,
    }
    const tools = { places: createPlaces(system.topology), familyOf }
    const scheduled = scheduleIncident(pattern, createRandom(1), pace)
    const debrief = debriefOf(scheduled, { evidence, lines: [] }, { number: 1, tools })
    return debrief.chain.slice(0, 3).map(({ named }) => named)
  }
  expect(namedAfter('worker-*')).toEqual([false, true, false])
  expect(namedAfter('worker-1')).toEqual([false, true, false])
  expect(namedAfter()).toEqual([false, false, false])
})
