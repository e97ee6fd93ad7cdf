import { expect, test } from 'vitest'

import { createPacedFrames } from './paced-frames.ts'

/** A clock, frames and timers that the test moves. */
function manual(everyMs: number) {
  let ms = 0
  const frames: (() => void)[] = []
  const timers: { readonly atMs: number; readonly act: () => void }[] = []
  const scheduler = createPacedFrames({
    nextFrame: (draw) => frames.push(draw),
    later: (act, waitMs) => timers.push({ atMs: ms + waitMs, act }),
    now: () => ms,
    everyMs,
  })
  return {
    scheduler,
    frames,
    frame: () => frames.shift()?.(),
    pass: (byMs: number) => {
      ms += byMs
      for (const timer of timers.splice(0))
        if (timer.atMs <= ms) timer.act()
        else timers.push(timer)
    },
  }
}

test('each frame draws one part, in the order in which they were requested', () => {
  const { scheduler, frame, frames } = manual(100)
  const drawn: string[] = []
  const parts = ['log', 'list', 'chart'].map((name) => () => void drawn.push(name))
  for (let n = 0; n < 7_000; n++) for (const part of parts) scheduler.request(part)
  frame()
  expect(drawn).toEqual(['log'])
  frame()
  frame()
  expect(drawn).toEqual(['log', 'list', 'chart'])
  expect(frames).toHaveLength(0)
})

test('a part is drawn at most once in 100 ms, and its last change is drawn', () => {
  const { scheduler, frame, pass, frames } = manual(100)
  let drawn = 0
  const draw = (): void => void (drawn += 1)
  for (let ms = 0; ms < 1_000; ms += 10) {
    scheduler.request(draw)
    frame()
    pass(10)
  }
  frame()
  expect(drawn).toBe(11)
  scheduler.request(draw)
  pass(200)
  frame()
  expect([drawn, frames.length]).toEqual([12, 0])
})

test('a part that waits does not delay another one', () => {
  const { scheduler, frame, pass } = manual(100)
  const drawn: string[] = []
  const [log, list] = ['log', 'list'].map((name) => () => void drawn.push(name)) as [
    () => void,
    () => void,
  ]
  scheduler.request(log)
  frame()
  scheduler.request(log)
  scheduler.request(list)
  frame()
  pass(100)
  frame()
  frame()
  expect(drawn).toEqual(['log', 'list', 'log'])
})

test('a cancelled draw is not called', () => {
  const { scheduler, frame } = manual(100)
  let drawn = 0
  const draw = (): void => void (drawn += 1)
  scheduler.request(draw)
  scheduler.cancel(draw)
  frame()
  expect(drawn).toBe(0)
})
