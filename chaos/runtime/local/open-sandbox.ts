import path from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { makeTraversable, openCacheFolder } from './cache-folder.ts'
import { cleanUpSandboxes } from './clean-up-sandboxes.ts'
import type { HostConfig } from './config.ts'
import type { NoSlot, SlotCandidate } from './keeper/keeper-requests.ts'
import { startKeeper, type Keeper } from './keeper/start-keeper.ts'
import { removeSandbox } from './remove-sandbox.ts'

/** A slot, a folder, and a keeper that removes both when this process ends or dies. */
export interface OpenSandbox extends AsyncDisposable {
  readonly keeper: Keeper
  readonly slot: number
  readonly folder: string
  readonly cacheFolder: string
  /** What was cleaned up of earlier sandboxes. */
  readonly cleanedUp: readonly string[]
  /**
   * Resolves when the keeper died without a request and everything of the sandbox has been removed.
   */
  readonly lost: Promise<void>
}

/** Takes the first free slot. Throws {@link InputError} when none is free, and on Windows. */
export async function openSandbox(options: {
  readonly host: HostConfig
  readonly clock: Clock
  readonly candidates: readonly SlotCandidate[]
}): Promise<OpenSandbox> {
  const { host, clock } = options
  if (host.platform !== 'linux' && host.platform !== 'darwin')
    throw new InputError(`The local runtime works on Linux and macOS, not on ${host.platform}.`, {
      remedy: 'Use Docker (docker compose up), or run it in WSL 2.',
    })
  const keeper = startKeeper()
  try {
    const cacheFolder = openCacheFolder(host)
    const sandboxesFolder = path.join(cacheFolder, 'sandboxes')
    makeTraversable(sandboxesFolder)
    // Before the slot is taken: leftovers of an earlier sandbox may hold its ports.
    const cleanedUp = await cleanUpSandboxes(sandboxesFolder, clock)
    const opened = await keeper.request('open', { candidates: options.candidates, sandboxesFolder })
    if ('taken' in opened) throw noSlot(opened)
    const { slot, folder } = opened
    let asked = false
    const lost = keeper.ended.then(async () => {
      if (asked) return await new Promise<never>(() => undefined)
      await removeSandbox(folder, clock)
      return undefined
    })
    const end = async () => {
      asked = true
      await endKeeper(keeper)
      // Has work only if the keeper was killed while it stopped everything.
      await removeSandbox(folder, clock)
    }
    return {
      keeper,
      slot,
      folder,
      cacheFolder,
      cleanedUp: cleanedUp,
      lost,
      [Symbol.asyncDispose]: end,
    }
  } catch (error) {
    await endKeeper(keeper)
    throw error
  }
}

async function endKeeper(keeper: Keeper): Promise<void> {
  try {
    await keeper.request('end', {})
  } catch {
    // The keeper has died: it has ended too.
  }
  await keeper.ended
}

function noSlot({ taken }: NoSlot): InputError {
  const [first] = taken
  if (taken.length === 1 && first !== undefined)
    return new InputError(`Slot ${first.slot} is not free: port ${first.port} is taken.`, {
      remedy: 'Use another slot, or end the program that listens on the port.',
    })
  return new InputError(`None of the ${taken.length} slots is free.`, {
    remedy: `End another sandbox, or the program that listens on port ${first?.port}.`,
  })
}
