import { contentHash } from '../content-hash.ts'
import type { Task, TaskContext, TaskResult } from '../task.ts'
import {
  classSources,
  containerOf,
  deployClass,
  joinMachines,
  startWithImages,
  runningTasks,
} from './deploy-class.ts'
import type { RunningTask } from './deploy-class.ts'
import { openSeat } from './learner.ts'
import { reachProblems } from './reach-problems.ts'
import { ownLeftovers } from './remove-leftovers.ts'
import { startMachines } from './start-machines.ts'
import type { Machines } from './start-machines.ts'
import { until } from './until.ts'
import { whyNoMachines } from './why-no-machines.ts'

const count = 3
const seats = 6
const readyWithinMs = 300_000
const needs = whyNoMachines()

/** A class on three machines: one loses its power, and its seats return on the others with their work. */
export const threeNodesTask: Task = {
  name: 'swarm/three-nodes',
  expected: `${seats} seats run; one machine of ${count} dies; its seats return with their work`,
  ...(needs === undefined ? {} : { needs }),
  // First a machine that follows, then the one that leads the swarm.
  times: 2,
  hash: async () =>
    await contentHash(...classSources, 'services/Dockerfile', 'chaos/api', 'chaos/runtime/local'),
  run: async (context): Promise<TaskResult> => {
    const { detail, problems } = await runClass(context)
    const left = (await ownLeftovers()).map((path) => `left: ${path}`)
    const wrong = [...problems, ...left]
    return { ok: wrong.length === 0, detail: [...detail, ...wrong].join('; ') }
  },
}

interface Report {
  readonly detail: readonly string[]
  readonly problems: readonly string[]
}

async function runClass({ round, signal }: TaskContext): Promise<Report> {
  await using machines = await startMachines(count, signal)
  await startWithImages(machines, count, signal)
  await joinMachines(machines, count)
  const keys = await deployClass(machines, seats)
  const all = keys.map((_, seat) => seat)
  const readyMs = await returned(machines, { seats: all, manager: 1, signal })
  const before = await seatTasks(machines, 1)
  const problems = await useSeats(machines, keys)
  problems.push(...(await isolationProblems(machines, before)))

  const dead = round % 2 === 0 ? fullest(before, [2, 3]) : 1
  const manager = dead === 1 ? 2 : 1
  const [lost, kept] = [before.filter(onMachine(dead)), before.filter((t) => t.machine !== dead)]
  await machines.powerOff(dead)
  const backMs = await returned(machines, { seats: lost.map(seatOf), manager, signal })
  await settled(machines, manager, signal)
  const after = await seatTasks(machines, manager)

  if (lost.length === 0) problems.push(`no seat was on machine ${dead}`)
  if (after.length !== seats || after.some(onMachine(dead)))
    problems.push(`${after.length} seats run afterwards, on ${spread(after)}`)
  for (const { id, name } of kept)
    if (!after.some((task) => task.id === id)) problems.push(`${name} did not stay`)
  problems.push(...(await keptWorkProblems(machines, keys, manager)))
  const detail = [
    `${seats} seats ready ${range(readyMs)} after the deployment, ${spread(before)}`,
    `machine ${dead} off: ${lost.length} seats back after ${range(backMs)}, ${spread(after)}`,
  ]
  return { detail, problems }
}

interface Awaited {
  readonly seats: readonly number[]
  readonly manager: number
  readonly signal: AbortSignal
}

/** For each seat, the milliseconds until its page answers through the proxy of one machine. */
async function returned(
  machines: Machines,
  { seats: awaited, manager, signal }: Awaited,
): Promise<readonly number[]> {
  const isUp = async (seat: number): Promise<boolean> => {
    const question = { path: `/seats/${seat}/api/alive`, headers: { host: '127.0.0.1' } }
    return await machines.ask(manager, { ...question, timeoutMs: 5_000 }).then(
      ({ status }) => status === 200,
      () => false,
    )
  }
  return await Promise.all(
    awaited.map(async (seat) => {
      const what = `Seat ${seat} does not answer`
      return await until(async () => await isUp(seat), readyWithinMs, signal).catch(
        async (error: unknown) => {
          signal.throwIfAborted()
          const list = await machines.docker(manager, 'service', 'ps', `class_seat-${seat}`)
          throw new Error(`${what}: ${list}`, { cause: error })
        },
      )
    }),
  )
}

/** An engine calls a task running when its first health check passed. */
async function settled(machines: Machines, manager: number, signal: AbortSignal): Promise<void> {
  const areRunning = async (): Promise<boolean> => {
    const tasks = await seatTasks(machines, manager)
    return tasks.length === seats && tasks.every(({ isRunning }) => isRunning)
  }
  await until(areRunning, readyWithinMs, signal).catch(() => signal.throwIfAborted())
}

async function seatTasks(machines: Machines, manager: number): Promise<readonly RunningTask[]> {
  return (await runningTasks(machines, manager)).filter(({ name }) => name.startsWith('seat-'))
}

const codeOf = (seat: number): string => `// The work of the learner in seat ${seat}.\n`

/** Each learner works in their own seat. What is wrong: a key opens another seat, or the page does not work. */
async function useSeats(machines: Machines, keys: readonly string[]): Promise<string[]> {
  const problems: string[] = []
  for (const [seat, key] of keys.entries()) {
    const place = { machine: (seat % count) + 1, seat }
    const learner = await openSeat(machines, { ...place, key })
    const foreign = keys[(seat + 1) % keys.length] ?? ''
    if ((await openSeat(machines, { ...place, key: foreign })) !== undefined)
      problems.push(`seat ${seat} opens with the key of another`)
    await learner?.work(codeOf(seat), seat)
    const events = await learner?.events()
    if (events?.startsWith('retry') !== true) problems.push(`seat ${seat} sends no events`)
  }
  return problems
}

async function keptWorkProblems(
  machines: Machines,
  keys: readonly string[],
  machine: number,
): Promise<readonly string[]> {
  const problems: string[] = []
  for (const [seat, key] of keys.entries()) {
    const learner = await openSeat(machines, { machine, seat, key })
    const work = await learner?.workSoFar()
    if (work?.text !== codeOf(seat)) problems.push(`the code of seat ${seat} is lost`)
    if (work?.confidence !== seat) problems.push(`the progress of seat ${seat} is lost`)
  }
  return problems
}

/** Two seats on different machines, and two on one machine. */
async function isolationProblems(
  machines: Machines,
  tasks: readonly RunningTask[],
): Promise<readonly string[]> {
  const [one] = tasks
  const far = tasks.find(({ machine }) => machine !== one?.machine)
  const near = tasks.find((task) => task !== one && task.machine === one?.machine)
  if (one === undefined) return ['no seat runs']
  const reached = await Promise.all(
    [far, near].map(async (other) =>
      other === undefined ? [] : await reachProblems(machines, one, other),
    ),
  )
  return [...reached.flat(), ...(await limitProblems(machines, one))]
}

async function limitProblems(machines: Machines, task: RunningTask): Promise<readonly string[]> {
  const container = await containerOf(machines, task)
  const of =
    '{{.Memory}} {{.NanoCpus}} {{.PidsLimit}} {{.ReadonlyRootfs}} {{.CapDrop}} {{.Privileged}}'
  const format = of.replaceAll('{{.', '{{.HostConfig.')
  const found = await machines.docker(task.machine, 'inspect', '--format', format, container)
  const expected = `${1536 * 1024 * 1024} 2000000000 400 true [ALL] false`
  return found === expected ? [] : [`${task.name} has the limits ${found}, not ${expected}`]
}

const onMachine =
  (machine: number) =>
  (task: RunningTask): boolean =>
    task.machine === machine

function seatOf({ name }: RunningTask): number {
  return Number(name.slice('seat-'.length))
}

/** The machine of these that has the most seats. */
function fullest(tasks: readonly RunningTask[], machines: readonly number[]): number {
  const seatsOn = (machine: number): number => tasks.filter(onMachine(machine)).length
  return machines.reduce((most, machine) => (seatsOn(machine) > seatsOn(most) ? machine : most))
}

/** `5 + 4 + 3`: the seats of each machine. */
function spread(tasks: readonly RunningTask[]): string {
  const machines = Array.from({ length: count }, (_, i) => i + 1)
  return machines.map((machine) => tasks.filter(onMachine(machine)).length).join(' + ')
}

/** `12.1 to 15.4 s`. */
function range(ms: readonly number[]): string {
  const seconds = (of: number): string => (of / 1_000).toFixed(1)
  return `${seconds(Math.min(...ms))} to ${seconds(Math.max(...ms))} s`
}
