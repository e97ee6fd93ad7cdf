import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { promisify } from 'node:util'

import type { Home } from '#chaos/home/home.ts'
import { listSandboxFiles, removeSandboxFile } from '#chaos/home/sandbox-file.ts'

import { sandboxFolders } from './sandbox-folders.ts'

/** A Compose project of this folder whose controller is dead while other containers run. */
export interface DeadProject {
  readonly project: string
  /** Names of its containers that run or are paused, with its sidecars. */
  readonly containers: readonly string[]
}

/** Built here, or from a registry (`UNHAPPY_IMAGE`). */
const ownImage = /(?:^|\/)unhappy-path(?:[:@]|$)/
const controller = 'chaos'
const respondsWithinMs = 5_000
const downWithinMs = 60_000
const projectLabel = 'com.docker.compose.project'
const format = [
  '{{.Names}}',
  '{{.State}}',
  '{{.Image}}',
  `{{.Label "${projectLabel}"}}`,
  `{{.Label "com.docker.compose.service"}}`,
  `{{.Label "unhappy-path.project"}}`,
].join('\t')

interface Container {
  readonly name: string
  readonly state: string
  readonly image: string
  readonly project: string
  readonly service: string
}

/** Whether a sandbox in Docker was ever started in this folder. */
export async function hasUsedDocker(home: Home): Promise<boolean> {
  return (await sandboxFolders(home)).length > 1
}

/** The dead sandboxes of this folder in Docker. Empty without a Docker engine. */
export async function findDeadProjects(home: Home): Promise<readonly DeadProject[]> {
  const own = await containers(await composeFilter(home))
  const byProject = Map.groupBy(own, ({ project }) => project)
  const dead = [...byProject].filter(([, all]) => isDead(all))
  return await Promise.all(
    dead.map(async ([project, all]) => {
      const sidecars = await containers(`label=unhappy-path.project=${project}`)
      return { project, containers: [...all, ...sidecars].filter(isUp).map(({ name }) => name) }
    }),
  )
}

/** Removes containers, networks, volumes and sidecars of dead sandboxes. Returns one line for each sandbox. */
export async function removeDeadProjects(home: Home): Promise<readonly string[]> {
  const lines: string[] = []
  for (const { project, containers: names } of await findDeadProjects(home)) {
    const down = ['--project-name', project, 'down', '--volumes', '--timeout', '5']
    await docker(['compose', ...down], downWithinMs)
    const sidecars = (await containers(`label=unhappy-path.project=${project}`)).map(
      ({ name }) => name,
    )
    if (sidecars.length > 0) await docker(['rm', '--force', ...sidecars], downWithinMs)
    lines.push(`Removed the dead sandbox ${project} from Docker: ${names.length} containers.`)
  }
  if (lines.length > 0) await removeStaleFiles(home)
  return lines
}

/** A killed controller leaves its file. */
async function removeStaleFiles(home: Home): Promise<void> {
  if ((await containers(await composeFilter(home))).some(isUp)) return
  const [, ...compose] = await sandboxFolders(home)
  for (const folder of compose)
    for (const file of await listSandboxFiles(folder)) await removeSandboxFile(folder, file)
}

function isDead(all: readonly Container[]): boolean {
  if (!all.some(({ image }) => ownImage.test(image))) return false
  // `created`: Compose waits for the containers that the controller needs.
  const controllerLives = all.some(
    (one) => one.service === controller && one.state !== 'exited' && one.state !== 'dead',
  )
  return !controllerLives && all.some(isUp)
}

function isUp({ state }: Container): boolean {
  return ['running', 'paused', 'restarting'].includes(state)
}

async function composeFilter(home: Home): Promise<string> {
  const folder = await realpath(home.folder).catch(() => home.folder)
  return `label=com.docker.compose.project.working_dir=${folder}`
}

async function containers(filter: string): Promise<readonly Container[]> {
  const text = await docker(
    ['ps', '--all', '--filter', filter, '--format', format],
    respondsWithinMs,
  ).catch(() => '')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', state = '', image = '', project = '', service = '', sidecarOf = ''] =
        line.split('\t')
      return { name, state, image, project: project === '' ? sidecarOf : project, service }
    })
}

async function docker(args: readonly string[], timeout: number): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', [...args], { timeout })
  return stdout
}
