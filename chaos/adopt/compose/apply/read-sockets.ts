import type { Project } from '#chaos/runtime/docker/project.ts'
import { runSidecar } from '#chaos/runtime/docker/sidecars/sidecar.ts'

import type { ObservedContainer } from '../plan/observed-container.ts'
import { parseSocketTable } from '../plan/socket-table.ts'
import type { SocketEntry } from '../plan/socket-table.ts'

/** A sidecar that takes longer has lost its engine. */
const readWithinMs = 60_000
const separator = '== '
const script = `for pid in "$@"; do echo "${separator}$pid"; cat "/proc/$pid/net/tcp" "/proc/$pid/net/tcp6" 2>/dev/null; done; true`

/**
 * The sockets of containers that run, by id. One short-lived sidecar reads them from the kernel: it sees the processes of the
 * machine, has no capability and no network, and starts no program in the user's containers.
 */
export async function readSockets(
  project: Project,
  containers: readonly Pick<ObservedContainer, 'id' | 'pid'>[],
): Promise<ReadonlyMap<string, readonly SocketEntry[]>> {
  const running = containers.filter(({ pid }) => pid > 0)
  if (running.length === 0) return new Map()
  const output = await runSidecar(project, {
    kind: 'read-sockets',
    instance: 'all',
    command: ['sh', '-c', script, 'read-sockets', ...running.map(({ pid }) => String(pid))],
    host: { PidMode: 'host' },
    signal: AbortSignal.timeout(readWithinMs),
  })
  const tables = new Map(
    output.split(separator).map((part) => {
      const [pid = '', ...lines] = part.split('\n')
      return [Number(pid), parseSocketTable(lines.join('\n'))]
    }),
  )
  return new Map(running.map(({ id, pid }) => [id, tables.get(pid) ?? []]))
}
