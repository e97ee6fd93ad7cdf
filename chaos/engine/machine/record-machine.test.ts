import { expect, test } from 'vitest'

import { createManualClock } from '../testing/manual-clock.ts'
import { recordMachine } from './record-machine.ts'

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
    setProcess(pid: number, ticks: number) {
      files.set(`/proc/${pid}/stat`, `${pid} (a ) name) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0`)
    },
    read: (path: string) => files.get(path),
    list: (path: string) => (path.endsWith('/task') ? ['1'] : []),
  }
}

async function record(parts: {
  readonly machine: ReturnType<typeof fakeMachine>
  readonly pids?: readonly number[]
  readonly during: () => void
}) {
  const { machine, pids, during } = parts
  const clock = createManualClock()
  await using recording = recordMachine({
    clock,
    pids: () => pids,
    read: machine.read,
    list: machine.list,
  })
  await clock.advance(600)
  during()
  await clock.advance(600)
  return recording.soFar()
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
