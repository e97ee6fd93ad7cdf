import { findLeftBehind, removeLeftBehind } from '#chaos/runtime/local/left-behind.ts'

import type { Cli } from '../cli.ts'
import { findDeadProjects, hasUsedDocker, removeDeadProjects } from './dead-projects.ts'

/** Something that a dead sandbox has left. */
export interface Leftover {
  readonly what: string
  readonly remedy: string
}

/** What dead sandboxes have left: processes, ports and folders, and containers in Docker. Changes nothing. */
export async function findLeftovers({ home }: Pick<Cli, 'home'>): Promise<readonly Leftover[]> {
  const [local, docker] = await Promise.all([
    findLeftBehind(),
    hasUsedDocker(home).then(async (used) => (used ? await findDeadProjects(home) : [])),
  ])
  return [
    ...local.map(({ folder, decided, processes, ports }) =>
      decided
        ? {
            what: `Left by a dead sandbox: ${[folder, countText(processes, 'process', 'processes'), portsText(ports)].filter((part) => part !== '').join(', ')}.`,
            remedy: 'Clean it up: unhappy down --all',
          }
        : {
            what: `${folder} belongs to a sandbox of another container or machine. It is left alone.`,
            remedy: 'If that sandbox no longer exists, remove the folder.',
          },
    ),
    ...docker.map(({ project, containers }) => ({
      what: `The controller of the sandbox ${project} in Docker is dead, and ${countText(containers.length, 'container runs', 'containers run')}.`,
      remedy:
        'Clean it up: unhappy down --all   Or start its controller again: docker compose restart chaos',
    })),
  ]
}

/** Kills and removes what dead sandboxes have left. Returns one line for each sandbox. */
export async function removeLeftovers(
  cli: Pick<Cli, 'home' | 'clock'>,
): Promise<readonly string[]> {
  const local = await removeLeftBehind(cli.clock)
  if (!(await hasUsedDocker(cli.home))) return local
  return [...local, ...(await removeDeadProjects(cli.home))]
}

function countText(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

function portsText(ports: readonly number[]): string {
  if (ports.length === 0) return ''
  const shown = ports.slice(0, 3).join(', ')
  return `ports ${ports.length > 3 ? `${shown} and ${ports.length - 3} more` : shown}`
}
