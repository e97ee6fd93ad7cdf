import { expect, test } from 'vitest'

import { createFrameScheduler } from './frame.ts'

function manualFrames() {
  const waiting: (() => void)[] = []
  const scheduler = createFrameScheduler((draw) => waiting.push(draw))
  return { scheduler, waiting, frame: () => waiting.shift()?.() }
}

test('7,000 requests within one frame are one frame with one draw for each part', () => {
  const { scheduler, waiting, frame } = manualFrames()
  const drawn: string[] = []
  const log = (): void => void drawn.push('log')
  const list = (): void => void drawn.push('list')
  for (let n = 0; n < 7_000; n++) scheduler.request(n % 2 === 0 ? log : list)
  expect(waiting).toHaveLength(1)
  frame()
  expect(drawn).toEqual(['log', 'list'])
})

test('what is requested while a frame is drawn waits for the next one', () => {
  const { scheduler, waiting, frame } = manualFrames()
  let drawn = 0
  const again = (): void => {
    drawn += 1
    if (drawn < 3) scheduler.request(again)
  }
  scheduler.request(again)
  frame()
  expect([drawn, waiting.length]).toEqual([1, 1])
  frame()
  frame()
  expect([drawn, waiting.length]).toEqual([3, 0])
})

test('a cancelled draw is not called', () => {
  const { scheduler, frame } = manualFrames()
  let drawn = 0
  const draw = (): void => void (drawn += 1)
  scheduler.request(draw)
  scheduler.cancel(draw)
  frame()
  expect(drawn).toBe(0)
})
