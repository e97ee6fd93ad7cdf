import { listSandboxFiles, removeSandboxFile } from '#chaos/api/sandbox-file.ts'
import type { SandboxFile } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { createApiClient } from '../client.ts'
import type { ApiClient } from '../client.ts'
import { isAlive } from './is-alive.ts'

const answersWithinMs = 2_000

/** The sandboxes that run: every file whose controller answers. Files whose controller has died are removed. */
export async function runningSandboxes(cli: Cli): Promise<readonly SandboxFile[]> {
  const files = await listSandboxFiles(cli.home.sandboxes)
  const running: SandboxFile[] = []
  for (const file of files) {
    if (await answers(file)) running.push(file)
    else if (!isAlive(file.pid)) {
      cli.err.line(
        cli.err.colours.dim(`Sandbox ${file.slot} is gone without saying so; its file is removed.`),
      )
      await removeSandboxFile(cli.home.sandboxes, file)
    }
  }
  return running
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

/** For commands that make no sense without a sandbox that somebody looks at. */
export async function requireSandbox(cli: Cli): Promise<ApiClient> {
  const found = await findSandbox(cli)
  if (found !== undefined) return found
  throw new InputError('No sandbox is running.', {
    remedy: 'Start one in another terminal: unhappy up   (or: unhappy up --detach)',
  })
}

async function answers(file: SandboxFile): Promise<boolean> {
  try {
    const response = await fetch(new URL('/api/sandbox', file.url), {
      signal: AbortSignal.timeout(answersWithinMs),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
