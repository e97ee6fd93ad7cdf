import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'
import { listSandboxFiles, removeSandboxFile } from '#chaos/home/sandbox-file.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { sandboxFolders } from './sandbox-folders.ts'

const answersWithinMs = 3_000

/**
 * The sandboxes that run: every file whose controller answers as the one that wrote it. A file at whose address nobody
 * listens any more is removed.
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
        cli.err.colours.dim(`Sandbox ${file.slot} ended without saying so; its file is removed.`),
      )
      await removeSandboxFile(folder, file)
    } else if (state === 'silent')
      cli.err.line(
        cli.err.colours.yellow(
          `Sandbox ${file.slot} at ${file.url} (process ${file.pid}) is there and does not answer.`,
        ),
      )
  return states.filter(({ state }) => state === 'answers').map(({ file }) => file)
}

/**
 * The sandbox that the user means: the one named with `--sandbox`, else the only one that somebody started to keep.
 * Undefined when there is none.
 */
export async function findSandbox(cli: Cli): Promise<ApiClient | undefined> {
  const running = await runningSandboxes(cli)
  const connect = (file: SandboxFile): ApiClient => createApiClient(file, cli.clock, cli.signal)
  if (cli.slot !== undefined) {
    const named = running.find((file) => file.slot === cli.slot)
    if (named !== undefined) return connect(named)
    const slots = running.map((file) => file.slot).join(', ')
    throw new InputError(`There is no sandbox ${cli.slot}.`, {
      remedy: slots === '' ? 'Start one: unhappy up' : `Running: ${slots}. Start one: unhappy up`,
    })
  }
  const kept = running.filter((file) => !file.ephemeral)
  const [only] = kept
  if (kept.length <= 1) return only === undefined ? undefined : connect(only)
  throw new InputError(
    `${kept.length} sandboxes run: ${kept.map((file) => file.slot).join(', ')}.`,
    { remedy: 'Say which one: --sandbox SLOT' },
  )
}

/** For commands that make no sense without a sandbox that somebody looks at. `orElse` is where else one could look. */
export async function requireSandbox(cli: Cli, orElse = ''): Promise<ApiClient> {
  const found = await findSandbox(cli)
  if (found !== undefined) return found
  throw new InputError('No sandbox is running.', {
    remedy: `Start one in another terminal: unhappy up   (or: unhappy up --detach)${orElse}`,
  })
}

async function ask(file: SandboxFile): Promise<'answers' | 'gone' | 'silent'> {
  try {
    const response = await fetch(new URL('/api/sandbox', file.url), {
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
