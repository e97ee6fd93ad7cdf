import { execFile, execFileSync } from 'node:child_process'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { projectRoot } from '#chaos/home/home.ts'

import type { Machines } from './start-machines.ts'

const run = promisify(execFile)
const stackFolder = join(projectRoot, 'deploy', 'swarm')
/** What decides how a class runs. A hash of a folder leaves out files that are not code. */
export const classSources: readonly string[] = [
  ...['make-stack.sh', 'prepare.sh', 'proxy.conf'].map((file) => `deploy/swarm/${file}`),
  ...['machine.sh', 'machines.sh', ''].map((file) => `scripts/verify/swarm/${file}`),
]
export const seatsHost = 'seats.example.org'
const workshopHost = 'workshop.example.org'
/** What the stack file asks for. */
export const settingsOf = (storage: string): Readonly<Record<string, string>> => ({
  SEAT_IMAGE: 'unhappy-path-seat',
  STORAGE: storage,
  SEATS_HOST: seatsHost,
  WORKSHOP_HOST: workshopHost,
})
const images = { SEAT_IMAGE: 'unhappy-path-seat-swarm', PROXY_IMAGE: 'unhappy-path-proxy-swarm' }
/** The proxy of the test: nginx of Debian. */
const proxyImage = `FROM node:24-slim
RUN apt-get update && apt-get install -y --no-install-recommends nginx-light && rm -rf /var/lib/apt/lists/*
`
const stack = 'class'

/** One task of the class that should run: the name is that of its service, such as `seat-3`. */
export interface RunningTask {
  readonly id: string
  readonly name: string
  /** From 1. */
  readonly machine: number
  readonly isRunning: boolean
}

/** The stack file for this many seats, as a user makes it. */
export function stackFileOf(seats: number): string {
  return execFileSync('sh', [join(stackFolder, 'make-stack.sh'), String(seats)], {
    encoding: 'utf8',
  })
}

/** Builds both images with the engine of this machine, and starts all machines with them. */
export async function startWithImages(
  machines: Machines,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  const options = { cwd: projectRoot, signal, maxBuffer: 64 * 1024 * 1024 }
  const seat = ['--file', 'services/Dockerfile', '--target', 'seat', '--tag', images.SEAT_IMAGE]
  await run('docker', ['build', '--quiet', ...seat, '.'], options)
  const proxy = run('docker', ['build', '--quiet', '--tag', images.PROXY_IMAGE, '-'], options)
  proxy.child.stdin?.end(proxyImage)
  await proxy
  const file = join(machines.folder, 'images.tar')
  await run('docker', ['save', '--output', file, ...Object.values(images)], options)
  await machines.start(1)
  await machines.docker(1, 'load', '--quiet', '--input', file)
  await rm(file)
  // An engine never writes into a layer, so the machines share the files of the layers.
  const data = (i: number): string => join(machines.folder, `machine-${i}`, 'data')
  const loaded = ['image', 'overlay2'].map((name) => join(data(1), name))
  for (let i = 2; i <= count; i++) {
    await run('cp', ['--archive', '--link', ...loaded, data(i)], options)
    await machines.start(i)
  }
}

/** Every machine is a manager, so the class survives the end of any one. */
export async function joinMachines(machines: Machines, count: number): Promise<void> {
  const address = (i: number): readonly string[] => ['--advertise-addr', `192.0.2.1${i}`]
  await machines.docker(1, 'swarm', 'init', ...address(1))
  const token = await machines.docker(1, 'swarm', 'join-token', '--quiet', 'manager')
  for (let i = 2; i <= count; i++)
    await machines.docker(i, 'swarm', 'join', '--token', token, ...address(i), '192.0.2.11:2377')
}

/** As docs/cluster.md says. Resolves with the keys of the seats, before they are ready. */
export async function deployClass(machines: Machines, seats: number): Promise<readonly string[]> {
  const [own, storage] = [join(machines.folder, 'swarm'), join(machines.folder, 'storage')]
  await cp(stackFolder, own, { recursive: true })
  await run('sh', [join(own, 'prepare.sh'), String(seats), storage])
  await writeFile(join(own, 'stack.yml'), stackFileOf(seats))
  const settings = Object.entries({ ...settingsOf(storage), ...images }).map(
    ([name, value]) => `${name}=${value}`,
  )
  const deploy = ['stack', 'deploy', '--resolve-image', 'never', '--compose-file', 'stack.yml']
  await run('env', [...settings, 'docker', '--host', machines.hostOf(1), ...deploy, stack], {
    cwd: own,
  })
  return await Promise.all(
    Array.from({ length: seats }, async (_, seat) =>
      (await readFile(join(own, 'keys', `seat-${seat}`), 'utf8')).trim(),
    ),
  )
}

export async function runningTasks(
  machines: Machines,
  manager: number,
): Promise<readonly RunningTask[]> {
  const format = '{{.ID}} {{.Name}} {{.Node}} {{.CurrentState}}'
  const list = ['--no-trunc', '--filter', 'desired-state=running', '--format', format, stack]
  const lines = (await machines.docker(manager, 'stack', 'ps', ...list)).split('\n')
  return lines.flatMap((line) => {
    const [, id = '', name = '', machine, state] =
      /^(\S+) class_([\w-]+)\.\S+ machine-(\d+) (\w+)/.exec(line) ?? []
    return machine === undefined
      ? []
      : [{ id, name, machine: Number(machine), isRunning: state === 'Running' }]
  })
}

/** The container of a task on its machine. */
export async function containerOf(machines: Machines, task: RunningTask): Promise<string> {
  const filter = ['--filter', `label=com.docker.swarm.task.id=${task.id}`]
  return await machines.docker(task.machine, 'ps', '--quiet', ...filter)
}
