import { join } from 'node:path'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { AliveView, SandboxFile } from '#chaos/contracts/api.ts'
import { listSandboxFiles, removeSandboxFile } from '#chaos/home/sandbox-file.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { placeOf } from '#chaos/runtime/local/sandbox-files.ts'

import type { Cli } from '../cli.ts'
import { withProgramName } from '../program-name.ts'
import { sandboxFolders } from './sandbox-folders.ts'

const respondsWithinMs = 3_000

/** A sandbox that has a file. `silent`: its controller exists, or its port is in use, and it does not respond. */
export interface KnownSandbox {
  readonly file: SandboxFile
  /** Folder of the file. */
  readonly folder: string
  readonly state: 'responds' | 'silent'
}

/**
 * The sandboxes that have a file. Removes the file of a sandbox that is gone: nothing listens at its address, or another
 * controller does. The file of another container or machine stays: its address and its process ids mean nothing here.
 */
export async function knownSandboxes(cli: Cli): Promise<readonly KnownSandbox[]> {
  const found = await Promise.all(
    (await sandboxFolders(cli.home)).map(async (folder) =>
      (await listSandboxFiles(folder)).map((file) => ({ folder, file })),
    ),
  )
  const states = await Promise.all(
    found.flat().map(async (entry) => ({ ...entry, state: await stateOf(entry.file) })),
  )
  const known: KnownSandbox[] = []
  for (const { folder, file, state } of states)
    if (state === 'gone') {
      cli.err.line(
        cli.err.colours.dim(`Sandbox ${file.slot} is no longer running. Its file was removed.`),
      )
      await removeSandboxFile(folder, file)
    } else if (state === 'elsewhere') cli.err.line(cli.err.colours.dim(elsewhereText(folder, file)))
    else if (state !== 'unpublished') known.push({ folder, file, state })
  return known
}

/** The sandboxes whose controller responds. Prints a warning for each other one. */
export async function runningSandboxes(cli: Cli): Promise<readonly SandboxFile[]> {
  const known = await knownSandboxes(cli)
  for (const { file, state } of known)
    if (state === 'silent')
      cli.err.line(
        `${cli.err.colours.yellow(silence(file))} ${withProgramName(remedy(file), cli.program)}`,
      )
  return known.filter(({ state }) => state === 'responds').map(({ file }) => file)
}

/**
 * The sandbox that `--sandbox` names, else the only one that a user started with `unhappy up`, silent or not. Undefined if
 * there is none. Throws {@link InputError} if the named one does not run, or if several run.
 */
export async function selectSandbox(cli: Cli): Promise<KnownSandbox | undefined> {
  const known = await knownSandboxes(cli)
  if (cli.slot !== undefined) {
    const named = known.find(({ file }) => file.slot === cli.slot)
    if (named !== undefined) return named
    const slots = known.map(({ file }) => file.slot).join(', ')
    throw new InputError(`Sandbox ${cli.slot} is not running.`, {
      remedy: `${slots === '' ? '' : `Running: ${slots}. `}Start it: unhappy up --sandbox ${cli.slot}`,
    })
  }
  const kept = known.filter(({ file }) => !file.ephemeral)
  const [only] = kept
  if (kept.length <= 1) return only
  throw new InputError(
    `${kept.length} sandboxes run: ${kept.map(({ file }) => file.slot).join(', ')}.`,
    { remedy: `Select one, for example --sandbox ${only?.file.slot}` },
  )
}

/** A client of the selected sandbox; see {@link selectSandbox}. Throws {@link InputError} if it does not respond. */
export async function findSandbox(cli: Cli): Promise<ApiClient | undefined> {
  const selected = await selectSandbox(cli)
  if (selected === undefined) return undefined
  if (selected.state === 'silent') throw doesNotRespond(selected.file)
  return createApiClient(selected.file, cli.clock, cli.signal)
}

/** The sandbox for a command that needs a running one. `orElse` is added to the remedy. Throws {@link InputError}. */
export async function requireSandbox(cli: Cli, orElse = ''): Promise<ApiClient> {
  const found = await findSandbox(cli)
  if (found !== undefined) return found
  throw noSandbox(orElse)
}

export function noSandbox(orElse = ''): InputError {
  return new InputError('No sandbox is running.', {
    remedy: `Start one in another terminal: unhappy up   (or in the background: unhappy up --detach)${orElse}`,
  })
}

export function doesNotRespond(file: SandboxFile): InputError {
  return new InputError(silence(file), { remedy: remedy(file) })
}

function remedy({ slot, runtime }: SandboxFile): string {
  const end =
    runtime === 'docker'
      ? 'Or end it where it was started: docker compose down'
      : `Or end it: unhappy down --sandbox ${slot}`
  return `The machine may be busy: try again. ${end}`
}

function silence({ slot, url, pid }: SandboxFile): string {
  return `Sandbox ${slot} does not respond (${url}, process ${pid}).`
}

function elsewhereText(folder: string, { slot }: SandboxFile): string {
  return `Sandbox ${slot} belongs to another container or machine. Its file is left alone: ${join(folder, `${slot}.json`)}`
}

/** `unpublished`: a sandbox in Docker that cannot be reached from here. Only the engine can say whether it runs. */
type FileState = KnownSandbox['state'] | 'gone' | 'elsewhere' | 'unpublished'

async function stateOf(file: SandboxFile): Promise<FileState> {
  const state = await addressState(file)
  if (state === 'responds') return state
  if (file.runtime === 'docker') return state === 'gone' ? 'unpublished' : state
  const place = placeOf(file)
  return place === 'here' ? state : place
}

async function addressState(file: SandboxFile): Promise<KnownSandbox['state'] | 'gone'> {
  try {
    const response = await fetch(new URL('/api/alive', file.url), {
      signal: AbortSignal.timeout(respondsWithinMs),
    })
    if (!response.ok) return 'silent'
    const { startedAt } = (await response.json()) as Partial<AliveView>
    if (typeof startedAt !== 'string') return 'silent'
    return startedAt === file.startedAt ? 'responds' : 'gone'
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
    return code === 'ECONNREFUSED' ? 'gone' : 'silent'
  }
}
