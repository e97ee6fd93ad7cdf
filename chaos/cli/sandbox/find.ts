import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'
import { listSandboxFiles, removeSandboxFile } from '#chaos/home/sandbox-file.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { sandboxFolders } from './sandbox-folders.ts'

const answersWithinMs = 3_000

/**
 * The running sandboxes: every sandbox file whose controller responds and is the one that wrote the file. Removes the file
 * of a controller that no longer listens.
 */
export async function runningSandboxes(cli: Cli): Promise<readonly SandboxFile[]> {
  const found = await Promise.all(
    (await sandboxFolders(cli.home)).map(async (folder) =>
      (await listSandboxFiles(folder)).map((file) => ({ folder, file })),
    ),
  )
  const states = await Promise.all(
    found.flat().map(async (entry) => ({ ...entry, state: await ask(entry.file) })),
  )
  for (const { folder, file, state } of states)
    if (state === 'gone') {
      cli.err.line(
        cli.err.colours.dim(`Sandbox ${file.slot} is no longer running. Its file was removed.`),
      )
      await removeSandboxFile(folder, file)
    } else if (state === 'silent')
      cli.err.line(
        cli.err.colours.yellow(
          `Sandbox ${file.slot} at ${file.url} (process ${file.pid}) does not respond.`,
        ),
      )
  return states.filter(({ state }) => state === 'answers').map(({ file }) => file)
}

/**
 * The sandbox that `--sandbox` names, else the only one that a user started with `unhappy up`. Undefined if there is none.
 * Throws {@link InputError} if the named one does not run, or if several run.
 */
export async function findSandbox(cli: Cli): Promise<ApiClient | undefined> {
  const running = await runningSandboxes(cli)
  const connect = (file: SandboxFile): ApiClient => createApiClient(file, cli.clock, cli.signal)
  if (cli.slot !== undefined) {
    const named = running.find((file) => file.slot === cli.slot)
    if (named !== undefined) return connect(named)
    const slots = running.map((file) => file.slot).join(', ')
    throw new InputError(`Sandbox ${cli.slot} is not running.`, {
      remedy: `${slots === '' ? '' : `Running: ${slots}. `}Start it: unhappy up --sandbox ${cli.slot}`,
    })
  }
  const kept = running.filter((file) => !file.ephemeral)
  const [only] = kept
  if (kept.length <= 1) return only === undefined ? undefined : connect(only)
  throw new InputError(
    `${kept.length} sandboxes run: ${kept.map((file) => file.slot).join(', ')}.`,
    { remedy: `Select one, for example --sandbox ${only?.slot}` },
  )
}

/** The sandbox for a command that needs a running one. `orElse` is added to the remedy. Throws {@link InputError}. */
export async function requireSandbox(cli: Cli, orElse = ''): Promise<ApiClient> {
  const found = await findSandbox(cli)
  if (found !== undefined) return found
  throw new InputError('No sandbox is running.', {
    remedy: `Start one in another terminal: unhappy up   (or in the background: unhappy up --detach)${orElse}`,
  })
}

async function ask(file: SandboxFile): Promise<'answers' | 'gone' | 'silent'> {
  try {
    const response = await fetch(new URL('/api/sandbox', file.url), {
      headers: { authorization: `Bearer ${file.token}` },
      signal: AbortSignal.timeout(answersWithinMs),
    })
    if (!response.ok) return 'gone'
    const { startedAt } = (await response.json()) as Partial<SandboxView>
    return startedAt === file.startedAt ? 'answers' : 'gone'
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
    return code === 'ECONNREFUSED' ? 'gone' : 'silent'
  }
}
