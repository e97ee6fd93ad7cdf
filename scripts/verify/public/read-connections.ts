import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { parseSocketTable } from '#chaos/adopt/compose/plan/socket-table.ts'

const run = promisify(execFile)

/** A container of the project, as the engine describes it. */
export interface ContainerFacts {
  readonly id: string
  readonly service: string
  readonly pid: number
  readonly addresses: readonly string[]
}

/** One connection of a container, even when it has just ended. */
export interface Connection {
  readonly local: string
  readonly remote: string
  readonly remotePort: number
  /** The container opened it. */
  readonly isOutgoing: boolean
  readonly isOpen: boolean
}

/** A socket that is opening, closing, or was closed in the last minute (TIME_WAIT). */
const otherStates = /^(\s*\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4}) (?:0[24-9B])(?= )/gm
const script = 'for pid; do echo "== $pid"; cat /proc/$pid/net/tcp /proc/$pid/net/tcp6; done'

/**
 * The connections of containers, by container id, from the kernel. They include those of the last minute, so that a short one is
 * seen. `image`: any image with a shell.
 */
export async function readConnections(
  containers: readonly ContainerFacts[],
  image: string,
): Promise<ReadonlyMap<string, readonly Connection[]>> {
  const pids = containers.map(({ pid }) => String(pid))
  const sidecar = ['--rm', '--pid', 'host', '--network', 'none', '--user', '0']
  const shell = ['--cap-add', 'SYS_PTRACE', '--entrypoint', 'sh', image, '-c', script, 'sockets']
  const { stdout } = await run('docker', ['run', ...sidecar, ...shell, ...pids])
  const tables = new Map(
    stdout.split('== ').map((part) => {
      const end = part.indexOf('\n')
      return [part.slice(0, end).trim(), connectionsIn(part.slice(end + 1))]
    }),
  )
  return new Map(containers.map(({ id, pid }) => [id, tables.get(String(pid)) ?? []]))
}

/** The connections in the text of `/proc/net/tcp` and `/proc/net/tcp6`. */
export function connectionsIn(text: string): readonly Connection[] {
  const open = parseSocketTable(text)
  const listening = new Set(
    open.flatMap(({ state, local }) => (state === 'listening' ? [local.port] : [])),
  )
  const isOpen = new Set(open.map((entry) => endsOf(entry)))
  return parseSocketTable(text.replaceAll(otherStates, '$1 01'))
    .filter(({ state }) => state === 'open')
    .map((entry) => ({
      local: `${entry.local.address}:${entry.local.port}`,
      remote: entry.remote.address,
      remotePort: entry.remote.port,
      isOutgoing: !listening.has(entry.local.port),
      isOpen: isOpen.has(endsOf(entry)),
    }))
}

function endsOf({ local, remote }: ReturnType<typeof parseSocketTable>[number]): string {
  return `${local.address}:${local.port} ${remote.address}:${remote.port}`
}
