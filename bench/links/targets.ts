import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  findProgram,
  freePort,
  type BenchProcess,
  startProcess,
  firstLine,
} from '../lib/process.ts'

/** The servers behind the links: ports by name. */
export type Upstreams = Readonly<Record<string, number>>

/** A program that carries bytes from a port to an upstream; `direct` carries nothing. */
export interface LinkTarget extends AsyncDisposable {
  readonly name: string
  /** The process that carries the bytes; undefined for the direct connection. */
  readonly pid: number | undefined
  port(upstream: string): number
  /** URL of Toxiproxy's API, if the target has it. */
  readonly api: string | undefined
}

export interface LinkTargetKind {
  readonly name: string
  /** Resolves to undefined if the program is not installed; `why` says what is missing. */
  start(upstreams: Upstreams): Promise<LinkTarget | undefined>
  readonly why: string
}

export const linkTargetKinds: readonly LinkTargetKind[] = [
  { name: 'direct', start: direct, why: '' },
  { name: 'ours', start: ours, why: '' },
  { name: 'haproxy', start: haproxy, why: 'haproxy is not in PATH (Debian: apt install haproxy)' },
  { name: 'toxiproxy', start: toxiproxy, why: 'TOXIPROXY_SERVER does not name its binary' },
]

async function direct(upstreams: Upstreams): Promise<LinkTarget> {
  return {
    name: 'direct',
    pid: undefined,
    api: undefined,
    port: (upstream) => upstreams[upstream] ?? 0,
    [Symbol.asyncDispose]: async () => {},
  }
}

async function ours(upstreams: Upstreams): Promise<LinkTarget> {
  const config = await proxiesFile(upstreams)
  const main = new URL('../../chaos/proxy/main.ts', import.meta.url).pathname
  const args = ['-port', '0', '-config', config.file, '-seed', '1']
  const running = startProcess(process.execPath, [main, ...args])
  const { url } = JSON.parse(await firstLine(running)) as { url: string }
  return proxyTarget('ours', running, config, url)
}

async function toxiproxy(upstreams: Upstreams): Promise<LinkTarget | undefined> {
  const binary = process.env['TOXIPROXY_SERVER']
  if (binary === undefined) return undefined
  const config = await proxiesFile(upstreams)
  const port = await freePort()
  const running = startProcess(binary, ['-port', String(port), '-config', config.file], {
    env: { LOG_LEVEL: 'error' },
  })
  await reachable(port)
  return proxyTarget('toxiproxy', running, config, `http://127.0.0.1:${port}`)
}

async function haproxy(upstreams: Upstreams): Promise<LinkTarget | undefined> {
  const binary = await findProgram('haproxy')
  if (binary === undefined) return undefined
  const ports = await portsFor(upstreams)
  const folder = await mkdtemp(join(tmpdir(), 'bench-haproxy-'))
  const file = join(folder, 'haproxy.cfg')
  const listens = Object.entries(upstreams).map(
    ([name, port]) =>
      `listen ${name}\n  bind 127.0.0.1:${ports[name]}\n  server s 127.0.0.1:${port}\n`,
  )
  await writeFile(
    file,
    `global\n  nbthread 1\n  maxconn 4000\ndefaults\n  mode tcp\n  timeout connect 10s\n  timeout client 1h\n  timeout server 1h\n${listens.join('')}`,
  )
  const running = startProcess(binary, ['-f', file, '-db'])
  await Promise.all(Object.values(ports).map(reachable))
  return target('haproxy', running, ports, undefined, folder)
}

interface ProxiesFile {
  readonly file: string
  readonly folder: string
  readonly ports: Upstreams
}

async function proxiesFile(upstreams: Upstreams): Promise<ProxiesFile> {
  const ports = await portsFor(upstreams)
  const folder = await mkdtemp(join(tmpdir(), 'bench-links-'))
  const file = join(folder, 'proxies.json')
  const proxies = Object.entries(upstreams).map(([name, port]) => ({
    name,
    listen: `127.0.0.1:${ports[name]}`,
    upstream: `127.0.0.1:${port}`,
  }))
  await writeFile(file, JSON.stringify(proxies))
  return { file, folder, ports }
}

async function proxyTarget(
  name: string,
  running: BenchProcess,
  config: ProxiesFile,
  api: string,
): Promise<LinkTarget> {
  await Promise.all(Object.values(config.ports).map(reachable))
  return target(name, running, config.ports, api, config.folder)
}

function target(
  name: string,
  running: BenchProcess,
  ports: Upstreams,
  api: string | undefined,
  folder: string,
): LinkTarget {
  return {
    name,
    pid: running.pid,
    api,
    port: (upstream) => ports[upstream] ?? 0,
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function portsFor(upstreams: Upstreams): Promise<Upstreams> {
  const ports: Record<string, number> = {}
  for (const name of Object.keys(upstreams)) ports[name] = await freePort()
  return ports
}

/** Resolves when a process listens on this port of this machine. */
export async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect({ host: '127.0.0.1', port })
    const ok = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1_000)),
    ])
    socket.destroy()
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`no process listens on port ${port}`)
}
