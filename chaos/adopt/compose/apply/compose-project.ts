import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { InputError, messageOf } from '#chaos/lib/errors.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { engineStatusOf } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { projectLabelOf } from '#chaos/runtime/docker/project.ts'

import { observe } from '../plan/observed-container.ts'
import type { ObservedContainer } from '../plan/observed-container.ts'

/** How the user names a Compose project: as for `docker compose`. */
export interface ComposeRequest {
  readonly folder: string
  readonly files: readonly string[]
  /** Absent: Compose's own choice. */
  readonly project?: string
  readonly profiles: readonly string[]
}

/** What `docker compose config` says about it. */
export interface ComposeProject {
  readonly name: string
  readonly services: readonly string[]
  readonly externalNetworks: readonly string[]
}

interface ComposeConfig {
  readonly name: string
  readonly services?: Readonly<Record<string, unknown>>
  readonly networks?: Readonly<Record<string, { name?: string; external?: unknown } | null>>
}

const run = promisify(execFile)
const outputMaxBytes = 64 * 1024 * 1024
const errorLines = 3

/** Reads the project with the user's own Compose. Throws {@link InputError} with Compose's error. */
export async function readComposeProject(request: ComposeRequest): Promise<ComposeProject> {
  const text = await compose(request, ['config', '--format', 'json'], {
    remedy: 'Run it in the folder of your Compose file, or name the file: unhappy adopt -f FILE',
  })
  const config = JSON.parse(text) as ComposeConfig
  return {
    name: config.name,
    services: Object.keys(config.services ?? {}),
    externalNetworks: Object.entries(config.networks ?? {}).flatMap(([key, network]) =>
      network?.external === undefined || network.external === false ? [] : [network.name ?? key],
    ),
  }
}

/** Starts what the user would start: `docker compose up --detach`. The signal ends the command, not what it has started. */
export async function startProject(request: ComposeRequest, signal: AbortSignal): Promise<void> {
  await compose(request, ['up', '--detach'], {
    signal,
    remedy: 'Its containers do not start without Unhappy Path either: fix that first.',
  })
}

/** The arguments before the command of `docker compose`. */
function composeArguments({ files, project, profiles }: ComposeRequest): readonly string[] {
  return [
    ...files.flatMap((file) => ['--file', file]),
    ...(project === undefined ? [] : ['--project-name', project]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
  ]
}

async function compose(
  request: ComposeRequest,
  command: readonly string[],
  { signal, remedy }: { readonly signal?: AbortSignal; readonly remedy: string },
): Promise<string> {
  const all = ['compose', ...composeArguments(request), ...command]
  const options = { cwd: request.folder, maxBuffer: outputMaxBytes, signal }
  try {
    return (await run('docker', all, options)).stdout
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string }
    if (code === 'ENOENT')
      throw new InputError(`There is no \`docker\` command, or no folder ${request.folder}.`, {
        remedy: 'Install Docker with its Compose plugin.',
      })
    throw new InputError(
      `\`docker ${all.join(' ')}\` failed in ${request.folder}: ${lastLines(stderr) || messageOf(error)}`,
      { remedy },
    )
  }
}

/** The end of what a command has printed: its error comes after a line of progress for every container. */
function lastLines(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.slice(-errorLines).join('\n')
}

/** Every container of the project, also those that do not run. */
export async function listContainers(
  docker: Docker,
  project: string,
): Promise<readonly ObservedContainer[]> {
  const filters = { label: [projectLabelOf(project)] }
  const found = await docker.listContainers({ all: true, filters })
  const inspections = await Promise.all(
    found.map(async ({ Id }) => {
      try {
        return observe(await docker.getContainer(Id).inspect())
      } catch (error) {
        // Removed in the meantime.
        if (engineStatusOf(error) === 404) return undefined
        throw error
      }
    }),
  )
  return inspections.filter((container) => container !== undefined)
}
