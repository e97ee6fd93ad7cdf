import { expect, test } from 'vitest'

import { createManualClock } from '../testing/manual-clock.ts'
import { recordMachine } from './record-machine.ts'
import type { MachineParts } from './record-machine.ts'

/** A machine whose files a test sets. */
function fakeMachine() {
  const files = new Map<string, string>()
  const children = new Map<number, string>()
  return {
    files,
    children,
    setMachine(busy: number, idle: number) {
      files.set('/proc/stat', `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 ...`)
    },
    setProcess(pid: number, ticks: number, parent = 1) {
      files.set(
        `/proc/${pid}/stat`,
        `${pid} (a ) name) S ${parent} 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0`,
      )
    },
    read: (path: string) => files.get(path),
    list: (path: string) => (path.endsWith('/task') ? ['1'] : []),
  }
}

async function record(parts: {
  readonly machine: ReturnType<typeof fakeMachine>
  readonly pids?: readonly number[]
  readonly during: () => void
  readonly more?: Partial<MachineParts>
}) {
  const { machine, pids, during, more } = parts
  const clock = createManualClock()
  await using recording = recordMachine({
    clock,
    pids: () => pids,
    read: machine.read,
    list: machine.list,
    ...more,
  })
  await clock.advance(600)
  during()
  await clock.advance(600)
  return await recording.soFar()
}

test('work of other programs counts, work of the sandbox and of its children does not', async () => {
  const machine = fakeMachine()
  machine.setMachine(1_000, 1_000)
  machine.setProcess(7, 500)
  machine.files.set('/proc/7/task/1/children', '8 ')
  machine.setProcess(8, 100)
  const { othersShare } = await record({
    machine,
    pids: [7],
    during() {
      machine.setMachine(1_150, 1_050)
      machine.setProcess(7, 530)
      machine.setProcess(8, 120)
    },
  })
  // 200 ticks in all: 150 busy, of which the sandbox used 50.
  expect(othersShare).toBeCloseTo(0.5)
})

test('a process that started later counts with all of its time, and one that ended with its last', async () => {
  const machine = fakeMachine()
  machine.setMachine(0, 0)
  machine.setProcess(7, 500)
  const { othersShare } = await record({
    machine,
    pids: [7, 9],
    during() {
      machine.setMachine(100, 100)
      machine.files.delete('/proc/7/stat')
      machine.setProcess(9, 60)
    },
  })
  expect(othersShare).toBeCloseTo(0.2)
})

test('work of the sandbox while it waits for the last requests is not work of others', async () => {
  const machine = fakeMachine()
  machine.setMachine(0, 0)
  machine.setProcess(7, 0)
  let requests = 0
  const { othersShare } = await record({
    machine,
    pids: [7],
    during: () => undefined,
    more: {
      delays: async () => {
        requests++
        if (requests > 1) {
          machine.setMachine(100, 100)
          machine.setProcess(7, 100)
        }
        return { instances: new Map() }
      },
    },
  })
  expect(requests).toBe(2)
  expect(othersShare).toBe(0)
})

test('time of an ended child that its parent has taken over counts once', async () => {
  const machine = fakeMachine()
  machine.setMachine(0, 0)
  machine.setProcess(7, 10)
  machine.setProcess(8, 40, 7)
  const { othersShare } = await record({
    machine,
    pids: [7, 8],
    during() {
      machine.setMachine(100, 100)
      machine.files.delete('/proc/8/stat')
      // 20 more by the child, 10 more by the parent.
      machine.setProcess(7, 10 + 60 + 10)
    },
  })
  expect(othersShare).toBeCloseTo(0.35)
})

test('containers: their times replace those of processes, and a restarted one counts from 0', async () => {
  const machine = fakeMachine()
  machine.setMachine(0, 0)
  let [api, redis] = [5_000, 100]
  const { othersShare, instances } = await record({
    machine,
    during() {
      machine.setMachine(150, 50)
      // In ticks: 20 by the new process, 30 by redis.
      ;[api, redis] = [200, 400]
    },
    more: {
      containers: async () => [
        { name: 'api-1', usedMs: api, throttledMs: 0 },
        { name: 'redis', usedMs: redis, throttledMs: 0 },
      ],
    },
  })
  expect(othersShare).toBeCloseTo(0.5)
  expect(instances?.map(({ name }) => name)).toEqual(['api-1', 'redis'])
})

test('a limit of a container counts, unless it is a fault of the run', async () => {
  const machine = fakeMachine()
  const stopped = { 'api-1': 0, redis: 0 }
  const more = {
    containers: async () =>
      Object.entries(stopped).map(([name, throttledMs]) => ({ name, usedMs: 0, throttledMs })),
  }
  const during = (): void => void Object.assign(stopped, { 'api-1': 600, redis: 120 })
  expect((await record({ machine, during, more })).throttledShare).toBeCloseTo(0.5)
  Object.assign(stopped, { 'api-1': 0, redis: 0 })
  const withFault = { ...more, limitedByFault: () => new Set(['api-1']) }
  const excepted = await record({ machine, during, more: withFault })
  expect(excepted.throttledShare).toBeCloseTo(0.1)
  expect(excepted.instances?.[0]).toMatchObject({ name: 'api-1', throttledShare: 0.5 })
})

test('delays of instances and links are kept at their longest', async () => {
  const machine = fakeMachine()
  let api = 300
  const { instances, linksLateMaxMs, lateMaxMs } = await record({
    machine,
    during: () => void (api = 20),
    more: {
      delays: async () => ({ instances: new Map([['api-1', api]]), linksMs: api / 10 }),
      loopDelayMs: () => 70,
    },
  })
  expect(instances).toEqual([{ name: 'api-1', loopDelayMaxMs: 300 }])
  expect({ linksLateMaxMs, lateMaxMs }).toEqual({ linksLateMaxMs: 30, lateMaxMs: 70 })
})

test('an engine that does not report its containers leaves the other figures', async () => {
  const machine = fakeMachine()
  machine.setMachine(0, 0)
  machine.files.set('/proc/pressure/cpu', 'some avg10=1.00 total=1000\n')
  const found = await record({
    machine,
    during() {
      machine.setMachine(100, 100)
      machine.files.set('/proc/pressure/cpu', 'some avg10=1.00 total=301000\n')
    },
    more: { containers: async () => await Promise.reject(new Error('404')) },
  })
  expect(found.othersShare).toBeUndefined()
  expect(found.pressureShare).toBeCloseTo(0.25)
  expect(found.processors).toBe(1)
})

test('where the processes are not visible, nothing is known about others', async () => {
  const machine = fakeMachine()
  machine.setMachine(0, 0)
  const noPids = await record({ machine, during: () => machine.setMachine(200, 0) })
  expect(noPids.othersShare).toBeUndefined()
  const noLinux = await record({ machine: fakeMachine(), pids: [7], during: () => undefined })
  expect(noLinux.othersShare).toBeUndefined()
})

test('throttling by the control group is a share of the time', async () => {
  const machine = fakeMachine()
  machine.files.set('/sys/fs/cgroup/cpu.stat', 'usage_usec 5\nthrottled_usec 1000\n')
  const { throttledShare } = await record({
    machine,
    during: () =>
      machine.files.set('/sys/fs/cgroup/cpu.stat', 'usage_usec 5\nthrottled_usec 601000\n'),
  })
  expect(throttledShare).toBeCloseTo(0.5)
})
