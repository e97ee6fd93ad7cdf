import { connect } from 'node:net'

import type { AdoptionReport } from '#chaos/adopt/compose/adoption-report.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import type { TaskResult } from '../task.ts'
import { judgeConnections } from './judge-connections.ts'
import type { JudgedConnections } from './judge-connections.ts'
import { judgeRestarts } from './judge-restarts.ts'
import type { OpenProject } from './open-project.ts'
import { readConnections } from './read-connections.ts'
import type { Connection } from './read-connections.ts'

const adoptMaxMs = 15_000
const requests = 10
const readyMaxMs = 120_000
const pauseMs = 1_000

type Tables = ReadonlyMap<string, readonly Connection[]>
export type Adopted = AdoptionReport & { readonly urls: { readonly shop: readonly string[] } }

/**
 * Adopts a running project twice: once to see what it lists, once with --cut to see where the new connections lead. The evidence
 * is the kernel's and the engine's, not that of the adoption.
 */
export async function checkAdoption(project: OpenProject): Promise<TaskResult> {
  const wrong: string[] = []
  const expectNone = (what: string, found: readonly string[]): void => {
    if (found.length > 0) wrong.push(`${what}: ${found.join(', ')}`)
  }
  await settled(project)
  const before = await tablesOf(project)
  const starts = await watchStarts(project)
  const first = await adopt(project)
  const listed = await seen(project, before)
  expectNone('open, and not listed', unlisted(listed.direct, first))
  expectNone('edges without a link', edgesWithoutLink(listed.direct, first))
  const adopted = await sendSeveral(project, clientUrl(project, first))
  expectNone('requests while adopted failed', adopted.filter(isFailure).map(String))
  const { bypasses } = await seen(project, before)
  const past = [...bypasses].filter(([name]) => !isListed(name, first))
  expectNone('opened past the links', namesIn(new Map(past)))
  expectNone('restarted by adopt', await starts.forced())
  expectNone('ended while nothing was cut', [...starts.ended])
  await project.unhappy(['release'])
  expectNone('left after the first release', await project.ours())
  expectNone('restarted by the first release', await starts.forced())
  await starts.revive(first)

  const second = await adopt(project, '--cut')
  expectNone('restarted by adopt --cut', await starts.forced())
  await starts.revive(second)
  const statuses = await sendSeveral(project, clientUrl(project, second))
  expectNone('requests through the links failed', statuses.filter(isFailure).map(String))
  // A connection of the first adoption was cut: what is open now was opened by name since then.
  const now = await seen(project, new Map())
  const open = new Map([...now.direct].filter(([name]) => !isListed(name, second)))
  expectNone('past the links after --cut', namesIn(open))
  expectNone('edges that no connection passed', edgesUnused(listed.direct, now, second))
  expectNone('off a network', await project.offNetwork())
  const links = await project.linkAddresses()
  await project.unhappy(['release'])
  expectNone('left after release', await project.ours())
  expectNone('restarted by release', await starts.forced())
  expectNone('changed files', [await project.changes()].filter(Boolean))
  await starts.revive(second)
  const after = await sendSeveral(project, await directUrl(project, second))
  expectNone('requests after release failed', after.filter(isFailure).map(String))
  const slow = [first.tookMs, second.tookMs].filter((ms) => ms > adoptMaxMs)
  expectNone('slower than 15 s', slow.map(seconds))
  const passed = countIn(now.linked)
  const figures = [
    `links after ${seconds(first.tookMs)} and ${seconds(second.tookMs)}`,
    `${second.links.length} links at ${links.length} addresses`,
    `${countIn(listed.direct)} connections open before, ${second.cut} cut`,
    `${passed} of ${passed + countIn(open)} connections opened since then pass a link`,
    `${statuses.filter((status) => !isFailure(status)).length} of ${requests} requests succeeded`,
    ...[...starts.ended].map((name) => `${name} ended when its connections were closed`),
  ].join(', ')
  return { ok: wrong.length === 0, detail: [figures, ...wrong].join('; ') }
}

/** Adopts the project in the background. */
export async function adopt(project: OpenProject, ...more: readonly string[]): Promise<Adopted> {
  return JSON.parse(await project.unhappy(['adopt', '--detach', '--json', ...more])) as Adopted
}

interface WatchedStarts {
  /** Services that have ended by themselves: they do not survive the end of a connection. */
  readonly ended: ReadonlySet<string>
  /** Containers that something else has restarted since the last call. Starts those that have ended. */
  forced(): Promise<readonly string[]>
  /** Restarts the service of the flow if its container runs and nothing listens in it: its process has ended. */
  revive(report: Adopted): Promise<void>
}

async function watchStarts(project: OpenProject): Promise<WatchedStarts> {
  const all = new Set<string>()
  let sinceMs = systemClock.wallTimeMs()
  let before = await project.starts()
  const again = async (): Promise<void> => {
    sinceMs = systemClock.wallTimeMs()
    before = await project.starts()
  }
  return {
    ended: all,
    forced: async () => {
      const { forced, ended } = judgeRestarts(
        before,
        await project.starts(),
        await project.killedSince(sinceMs),
      )
      for (const name of ended) all.add(name)
      if (ended.length > 0) {
        await project.startAll()
        await settled(project)
      }
      await again()
      return forced
    },
    revive: async (report) => {
      if (await accepts(await directUrl(project, report))) return
      const service = serviceOf(project, report)
      const container = (await project.containers()).find((one) => one.service === service)
      all.add(service ?? '')
      await project.docker('restart', '--time', '2', container?.id ?? '')
      const until = systemClock.now() + readyMaxMs
      while (systemClock.now() < until && !(await accepts(await directUrl(project, report))))
        await systemClock.sleep(pauseMs)
      await again()
    },
  }
}

async function tablesOf(project: OpenProject): Promise<Tables> {
  return await readConnections(await project.containers(), project.image)
}

async function seen(project: OpenProject, before: Tables): Promise<JudgedConnections> {
  const [tables, containers] = [await tablesOf(project), await project.containers()]
  return judgeConnections(tables, before, { containers, links: await project.linkAddresses() })
}

/** Waits until the service of the flow listens, and the tables of connections are the same twice. */
async function settled(project: OpenProject): Promise<void> {
  let last = ''
  const until = systemClock.now() + readyMaxMs
  while (systemClock.now() < until) {
    await systemClock.sleep(pauseMs)
    const tables = [...(await tablesOf(project)).values()].flat().filter(({ isOpen }) => isOpen)
    const now = tables.map(({ local }) => local).join(' ')
    if (now !== '' && now === last) return
    last = now
  }
  throw new Error(`The connections of ${project.name} did not settle in ${readyMaxMs / 1_000} s.`)
}

/** Connections that the kernel shows and the report does not. */
function unlisted(direct: ReadonlyMap<string, number>, report: Adopted): readonly string[] {
  return [...direct].flatMap(([name, count]) => {
    const said = report.direct
      .filter((one) => nameOf(one) === name)
      .reduce((sum, { count: more }) => sum + more, 0)
    return said >= count ? [] : [`${name} (${count}, listed ${said})`]
  })
}

function isListed(name: string, report: Adopted): boolean {
  return report.direct.some((one) => nameOf(one) === name)
}

function edgesWithoutLink(
  direct: ReadonlyMap<string, number>,
  { links }: Adopted,
): readonly string[] {
  return [...direct.keys()].filter((name) => {
    const [edge = '', port] = name.split(' ')
    return !links.some(
      (link) =>
        (link.name === edge || link.name === `${edge}.${port}`) && String(link.port) === port,
    )
  })
}

/** Edges that were in use before and have no connection through a link now. */
function edgesUnused(
  direct: ReadonlyMap<string, number>,
  { linked }: JudgedConnections,
  report: Adopted,
): readonly string[] {
  return [...direct.keys()].filter((name) => {
    const [edge = '', port] = name.split(' ')
    return !isListed(name, report) && !linked.has(`${edge.split(':')[0]} ${port}`)
  })
}

function nameOf({ caller, callee, port }: AdoptionReport['direct'][number]): string {
  return `${caller}:${callee} ${port}`
}

/** The port of the client's link to the service of the flow. */
function clientUrl({ to }: OpenProject, { links, urls }: Adopted): string {
  const clients = links.filter(({ name }) => name.startsWith('client:'))
  const at = to === undefined ? 0 : clients.findIndex(({ name }) => name === `client:${to}`)
  const url = urls.shop[at]
  if (url === undefined) throw new Error(`There is no link client:${to ?? ''}.`)
  return url
}

/** The service that receives the requests of the flow. */
function serviceOf({ to }: OpenProject, { links }: Adopted): string | undefined {
  return to ?? links.find(({ name }) => name.startsWith('client:'))?.name.split(':')[1]
}

/** This service at the address of its container. */
async function directUrl(project: OpenProject, report: Adopted): Promise<string> {
  const service = serviceOf(project, report)
  const link = report.links.find(({ name }) => name === `client:${service}`)
  const container = (await project.containers()).find((one) => one.service === service)
  return `http://${container?.addresses[0]}:${link?.port}`
}

/** Whether a process listens there. */
async function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return await new Promise((answer) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.once('connect', () => answer(true)).once('error', () => answer(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function sendSeveral(project: OpenProject, url: string): Promise<readonly number[]> {
  const statuses: number[] = []
  for (let sent = 0; sent < requests; sent++)
    statuses.push(await project.request(url).catch(() => 0))
  return statuses
}

function isFailure(status: number): boolean {
  return status < 200 || status > 299
}

function namesIn(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts].map(([name, count]) => `${name} (${count})`)
}

function countIn(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
