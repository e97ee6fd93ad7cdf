import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { parseFlowFile } from '#chaos/derived/file/parse-flow-file.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { type ContainerStart, killedFirst } from './judge-restarts.ts'
import type { PublicProject } from './public-projects.ts'
import type { ContainerFacts } from './read-connections.ts'

const run = promisify(execFile)
const outputMaxBytes = 256 * 1024 * 1024

/** A project whose containers run, with the commands of a user. */
export interface OpenProject extends AsyncDisposable {
  /** The Compose project. */
  readonly name: string
  readonly image: string
  docker(...args: readonly string[]): Promise<string>
  /** `unhappy ARGS` in the project's folder. `status`: exit statuses of success; default 0. */
  unhappy(args: readonly string[], statuses?: readonly number[]): Promise<string>
  /** Those that run. */
  containers(): Promise<readonly ContainerFacts[]>
  /** When every container has started: what may not change. */
  starts(): Promise<readonly ContainerStart[]>
  /** Ids of containers that a command has stopped, restarted or killed since then. */
  killedSince(wallTimeMs: number): Promise<ReadonlySet<string>>
  /** Starts the containers that have ended. */
  startAll(): Promise<void>
  /** Containers that are not on a network which `docker compose config` names for their service. */
  offNetwork(): Promise<readonly string[]>
  /** Addresses of the links container. */
  linkAddresses(): Promise<readonly string[]>
  /** Networks, containers and volumes that carry a label of Unhappy Path for this project. */
  ours(): Promise<readonly string[]>
  /** What git finds changed. */
  changes(): Promise<string>
  /** Sends the first request of the flow to this address. The status of the response. */
  request(base: string): Promise<number>
  /** The service that receives it, if the flow file names one. */
  readonly to: string | undefined
}

interface Inspected {
  readonly Id: string
  readonly State: { readonly Pid: number; readonly StartedAt: string }
  readonly Config: { readonly Labels: Readonly<Record<string, string>> }
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>
  }
}

/** Starts the containers of the project, which the user has created. Disposing it releases and stops them. */
export async function openProject(project: PublicProject): Promise<OpenProject> {
  const { folder } = project
  const image = process.env['UNHAPPY_IMAGE'] ?? 'unhappy-path'
  const home = await mkdtemp(join(tmpdir(), 'unhappy-public-'))
  const env = { ...process.env, UNHAPPY_IMAGE: image, UNHAPPY_HOME: home, NO_COLOR: '1' }
  const call = async (command: string, args: readonly string[]): Promise<string> =>
    (await run(command, args, { cwd: folder, env, maxBuffer: outputMaxBytes })).stdout.trim()
  const docker = async (...args: readonly string[]): Promise<string> => await call('docker', args)
  const compose = async (...args: readonly string[]): Promise<string> =>
    await docker('compose', '--ansi', 'never', ...args)
  const unhappy: OpenProject['unhappy'] = async (args, statuses = [0]) => {
    const command = [join(projectRoot, 'chaos', 'cli', 'unhappy.js'), ...args]
    try {
      return await call(process.execPath, command)
    } catch (error) {
      const { code, stdout } = error as { readonly code?: number; readonly stdout?: string }
      if (typeof code === 'number' && statuses.includes(code)) return (stdout ?? '').trim()
      throw error
    }
  }
  const config = JSON.parse(await compose('config', '--format', 'json')) as ComposeConfig
  const ids = lines(await compose('ps', '--all', '--quiet'))
  if (ids.length === 0)
    throw new Error(`${folder} has no containers. Create them first: docker compose up --detach`)
  const inspect = async (): Promise<readonly Inspected[]> =>
    JSON.parse(await docker('inspect', ...ids)) as Inspected[]
  await docker('start', ...ids)
  const flow = parseFlowFile(await readFile(project.flow, 'utf8'), project.flow)
  return {
    name: config.name,
    image,
    docker,
    unhappy,
    to: flow.to,
    containers: async () => (await inspect()).map(factsOf).filter(({ pid }) => pid > 0),
    starts: async () =>
      (await inspect()).map((one) => ({
        id: one.Id,
        service: factsOf(one).service,
        startedAt: one.State.StartedAt,
        runs: one.State.Pid > 0,
      })),
    killedSince: async (wallTimeMs) => await killedSince(docker, ids, wallTimeMs),
    startAll: async () => void (await docker('start', ...ids)),
    offNetwork: async () => (await inspect()).flatMap((one) => missingNetworks(one, config)),
    linkAddresses: async () => {
      const text = await docker('inspect', `unhappy-${config.name}-links`)
      return (JSON.parse(text) as Inspected[]).flatMap((one) => factsOf(one).addresses)
    },
    ours: async () => {
      const own = ['--quiet', '--filter', `label=unhappy-path.adopted=${config.name}`]
      const sidecars = ['--quiet', '--filter', `label=unhappy-path.project=${config.name}`]
      return [
        ...lines(await docker('network', 'ls', ...own)),
        ...lines(await docker('volume', 'ls', ...own)),
        ...lines(await docker('ps', '--all', ...own)),
        ...lines(await docker('ps', '--all', ...sidecars)),
      ]
    },
    changes: async () => await call('git', ['status', '--porcelain']),
    request: async (base) => await send(base, flow.requests[0]),
    async [Symbol.asyncDispose]() {
      await unhappy(['release']).catch(() => undefined)
      await docker('stop', '--time', '2', ...ids)
      await rm(home, { recursive: true, force: true })
    },
  }
}

interface ComposeConfig {
  readonly name: string
  readonly services: Readonly<
    Record<string, { readonly networks?: Readonly<Record<string, unknown>> }>
  >
  readonly networks?: Readonly<Record<string, { readonly name?: string } | null>>
}

function factsOf({ Id, State, Config, NetworkSettings }: Inspected): ContainerFacts {
  return {
    id: Id,
    service: Config.Labels['com.docker.compose.service'] ?? '',
    pid: State.Pid,
    addresses: Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress),
  }
}

function missingNetworks(container: Inspected, config: ComposeConfig): readonly string[] {
  const { service } = factsOf(container)
  const wanted = Object.keys(config.services[service]?.networks ?? {})
  return wanted
    .map((key) => config.networks?.[key]?.name ?? key)
    .filter((name) => !(name in container.NetworkSettings.Networks))
    .map((name) => `${service} is not on ${name}`)
}

async function killedSince(
  docker: OpenProject['docker'],
  ids: readonly string[],
  wallTimeMs: number,
): Promise<ReadonlySet<string>> {
  const seconds = [wallTimeMs, systemClock.wallTimeMs()].map((ms) => (ms / 1_000).toFixed(3))
  const [since = '', until = ''] = seconds
  const filters = [
    ...['kill', 'die'].map((one) => `event=${one}`),
    ...ids.map((id) => `container=${id}`),
  ]
  const options = filters.flatMap((filter) => ['--filter', filter])
  const format = ['--format', '{{.Action}} {{.ID}}', '--since', since, '--until', until]
  return killedFirst(lines(await docker('events', ...options, ...format)))
}

const responseMaxMs = 15_000

async function send(
  base: string,
  request: ReturnType<typeof parseFlowFile>['requests'][number] | undefined,
): Promise<number> {
  const [method = 'GET', path = '/'] = (request?.send ?? '').split(' ')
  const fill = (text: string): string => text.replaceAll('{{id}}', `verify-${Date.now()}`)
  const body = request?.body === undefined ? {} : { body: fill(JSON.stringify(request.body)) }
  const response = await fetch(`${base}${fill(path)}`, {
    method,
    headers: { ...request?.headers, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(responseMaxMs),
    ...body,
  })
  await response.arrayBuffer()
  return response.status
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}
