import type { GamedayView } from '#chaos/contracts/gameday/gameday-view.ts'
import type { Gamedays } from '#chaos/gameday/gameday.ts'

const view: GamedayView = {
  id: 'gameday-20300101000000',
  seed: 1,
  state: 'running',
  incidents: 1,
  startedAt: '2030-01-01T00:00:00.000Z',
  open: null,
  places: ['api-1'],
  causes: [{ id: 'latency', words: 'Everything arrives later.' }],
  closed: [],
}

/** Game days of plain objects, without a sandbox. */
export function fakeGamedays(calls: string[]): Gamedays {
  const record = <T>(call: string, result: T): T => {
    calls.push(call)
    return result
  }
  return {
    view: () => view,
    isRunning: false,
    start: async (body) => record(`game day ${body.seed ?? ''}`, view),
    push: async ({ incident }) => record(`push ${incident}`, { ended: Promise.resolve(view) }),
    answer: (body) => record(`answer ${body.wrong}`, view),
    act: async (body) =>
      record(`act ${body.action} ${body.target}`, {
        ...body,
        atMs: 1,
        touched: [],
        result: 'done',
      }),
    stop: async () => record('stop game day', undefined),
    page: () => '<!doctype html>',
  }
}
