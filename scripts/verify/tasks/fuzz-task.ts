import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import {
  controllerTarget,
  expendable,
  linksApiTarget,
} from '#chaos/cli/testing/fuzz/controller-links-target.ts'
import { fileTargets } from '#chaos/cli/testing/fuzz/file-targets.ts'
import { postgresBytes, redisBytes } from '#chaos/cli/testing/fuzz/postgres-redis-bytes.ts'
import { runFuzz } from '#chaos/cli/testing/fuzz/run-fuzz.ts'
import type { FuzzTarget } from '#chaos/cli/testing/fuzz/run-fuzz.ts'
import { bytesTarget, serviceTarget } from '#chaos/cli/testing/fuzz/service-target.ts'
import { createTestCli } from '#chaos/cli/testing/test-cli.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'
import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { freshSeed } from '#chaos/lib/random.ts'
import { instances, links } from '#services/topology.ts'

import { contentHash } from '../content-hash.ts'
import { flatnessOf } from '../flatness.ts'
import type { MemorySample } from '../flatness.ts'
import { openHeapInspector } from '../heap-inspector.ts'
import type { HeapInspector } from '../heap-inspector.ts'
import type { Task, TaskResult } from '../task.ts'

const rounds = 20
const inputs = 5_000
const atOnce = 24
const heapName = 'heap of the controller'
/** Resident memory contains what the collector has not returned: it may grow by this share. */
const residentShare = 0.3
/** Inputs of a new sandbox until all its code has run. Memory is measured after them. */
const warmUpInputs = inputs / 3

/**
 * Malformed input on every port and for every file format of a sandbox. All rounds use one sandbox, so the memory of its
 * processes is measured over all inputs since the command began.
 */
export const fuzzTask: Task = {
  name: 'fuzz/sandbox',
  expected: `${inputs} malformed inputs: no crash, no undocumented 5xx, flat memory, nothing left`,
  times: rounds,
  hash: async () => await contentHash('chaos/api', 'chaos/proxy', 'chaos/engine', 'services'),
  run: async ({ shared, signal }) => {
    const sandbox = await shared.get('fuzzed sandbox', async () => openSandbox(signal))
    const result = await fuzz(sandbox, freshSeed(), signal)
    if (!result.ok) await shared.drop('fuzzed sandbox')
    return result
  },
}

interface Sandbox extends AsyncDisposable {
  readonly home: string
  readonly file: SandboxFile
  readonly client: ApiClient
  /** Process ids by name, at the start. */
  readonly pids: ReadonlyMap<string, number>
  readonly inspector: HeapInspector
  readonly memory: Map<string, MemorySample[]>
  /** Inputs until now, in all rounds. */
  inputs: number
}

async function openSandbox(signal: AbortSignal): Promise<Sandbox> {
  await using resources = new AsyncDisposableStack()
  const cli = resources.use(await createTestCli())
  const environment = { NODE_OPTIONS: '--inspect=127.0.0.1:0' }
  const { status, stdout, stderr } = await cli.run(['up', '--detach', '--json'], { environment })
  if (status !== 0) throw new Error(stderr.trim())
  const view = JSON.parse(stdout) as SandboxView
  const folder = `${cli.home}/.unhappy/sandboxes`
  const file = JSON.parse(await readFile(`${folder}/${view.slot}.json`, 'utf8')) as SandboxFile
  const log = await readFile(`${folder}/controller.log`, 'utf8')
  const inspector = resources.use(await openHeapInspector(log))
  const owned = resources.move()
  return {
    home: cli.home,
    file,
    client: createApiClient(file, systemClock, signal),
    pids: pidsOf(file, view),
    inspector,
    memory: new Map(),
    inputs: 0,
    [Symbol.asyncDispose]: async () => owned.disposeAsync(),
  }
}

async function fuzz(sandbox: Sandbox, seed: number, signal: AbortSignal): Promise<TaskResult> {
  const { home, memory } = sandbox
  await using files = await fileTargets(join(home, '.unhappy'))
  const before = sandbox.inputs
  const result = await runFuzz([...(await portTargets(sandbox, seed)), ...files.targets], {
    seed,
    inputs,
    atOnce,
    signal,
    onPart: async (done) => {
      sandbox.inputs = before + done
      await measure(sandbox)
    },
  })
  if (signal.aborted) return { ok: false, detail: 'interrupted' }
  const problems = [
    ...result.findings
      .slice(0, 20)
      .map(
        ({ target, number, problem, input }) =>
          `${target} #${number}: ${problem.slice(0, 300)} <- ${JSON.stringify(input.slice(0, 200))}`,
      ),
    ...(await leftBehind(sandbox)),
    ...[...memory].flatMap(([name, samples]) => growthOf(name, samples)),
  ]
  const figures = [...memory].map(([name, samples]) => {
    const size = flatnessOf(samples)
    return `${name} ${size.before.toFixed(0)} -> ${size.after.toFixed(0)} MB`
  })
  const detail = [`${sandbox.inputs} inputs, seed ${seed}`, ...figures, ...problems].join('; ')
  return { ok: problems.length === 0, detail }
}

async function measure({ inputs: atS, memory, inspector, pids }: Sandbox): Promise<void> {
  if (atS < warmUpInputs) return
  add(memory, heapName, atS, await inspector.heapMegabytes())
  for (const [name, pid] of pids) add(memory, name, atS, await residentOf(pid))
}

async function portTargets({ file, client }: Sandbox, seed: number): Promise<FuzzTarget[]> {
  const { slot, url, token } = file
  const response = await fetch(new URL('/api/openapi.json', url), {
    headers: { authorization: `Bearer ${token}` },
  })
  const document: unknown = await response.json()
  // With taps, the data plane parses every message of its links. They end by themselves.
  await client.tap({ link: '*', leaseMs: leaseMaxMs })
  const service = (
    name: string,
    kind: 'api' | 'worker' | 'payments',
    port: number,
    share: number,
  ) => serviceTarget({ name, service: kind, port, share, seed })
  // The inputs of the links API put toxics on one link, so it may be silent.
  const ownLinks = links.filter(({ name }) => name !== expendable)
  const linkPorts = ownLinks.map(({ name, protocol, portOffset }) => ({
    name: `link ${name}`,
    protocol,
    port: localPort(slot, portOffset),
  }))
  return [
    controllerTarget({ port: Number(new URL(url).port), token, document, seed, share: 20 }),
    linksApiTarget({ port: proxyApiPort + slot, seed, share: 20 }),
    ...instances.map(({ name, service: kind, portOffset }) =>
      service(name, kind, localPort(slot, portOffset), kind === 'worker' ? 2 : 6),
    ),
    ...linkPorts.map(({ name, protocol, port }) => {
      if (protocol === 'postgres')
        return bytesTarget({ name, share: 1, port, bytes: postgresBytes })
      if (protocol === 'redis') return bytesTarget({ name, share: 1, port, bytes: redisBytes })
      return service(name, name.endsWith('payments') ? 'payments' : 'api', port, 2)
    }),
  ]
}

function pidsOf(file: SandboxFile, view: SandboxView): ReadonlyMap<string, number> {
  return new Map([
    ['controller', file.pid],
    ...view.instances.flatMap(({ name, pid, kind }) =>
      pid === undefined || kind === 'store' ? [] : [[name, pid] as const],
    ),
  ])
}

/** What the inputs left in the sandbox, after a heal. */
async function leftBehind({ client, file, pids, home }: Sandbox): Promise<string[]> {
  // A valid request among the malformed ones may have started traffic.
  await client.stopTraffic()
  await client.healAll()
  const view = await client.sandbox()
  const after = pidsOf(file, view)
  const runs = await namesIn(join(home, 'runs'))
  const names = new Set(links.map(({ name }) => name))
  return [
    ...[...pids]
      .filter(([name, pid]) => after.get(name) !== pid)
      .map(([name, pid]) => `${name} had pid ${pid} and has ${after.get(name) ?? 'none'}`),
    ...view.instances.filter(({ restarts }) => restarts > 0).map(({ name }) => `${name} restarted`),
    ...view.faults.map(({ kind }) => `the fault ${kind} is active`),
    ...view.links
      .filter(({ name, toxics }) => !names.has(name) || toxics.length > 0)
      .map(({ name, toxics }) => `the link ${name} with ${toxics.length} toxics`),
    ...[...names]
      .filter((name) => !view.links.some((link) => link.name === name))
      .map((name) => `the link ${name} is gone`),
    ...(await client.traps()).map(({ order }) => `the trap ${order.id}`),
    ...(view.traffic === null ? [] : ['traffic']),
    ...(view.run === null ? [] : ['a run']),
    ...runs.map((name) => `runs/${name}`),
  ]
}

function add(memory: Map<string, MemorySample[]>, name: string, atS: number, megabytes: number) {
  const samples = memory.get(name) ?? []
  samples.push({ atS, megabytes })
  memory.set(name, samples)
}

function growthOf(name: string, samples: readonly MemorySample[]): string[] {
  const { flat, before, after } = flatnessOf(samples, name === heapName ? undefined : residentShare)
  return flat ? [] : [`${name} grows from ${before.toFixed(0)} to ${after.toFixed(0)} MB`]
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => [])
}

async function residentOf(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return (Number(stdout.trim()) * 1_024) / 1e6
}
