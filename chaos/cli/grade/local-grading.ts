import { readdir } from 'node:fs/promises'

import type { GradingSandbox, Judged, JudgeRequest } from '#chaos/grading/judge.ts'
import { existingCacheFolders } from '#chaos/runtime/local/cache-folder.ts'
import { readHostConfig } from '#chaos/runtime/local/config.ts'

import type { Cli } from '../cli.ts'
import { launchSandbox } from '../sandbox/launch.ts'
import type { CellMessage, CellRequest } from './cell-messages.ts'
import { openCell } from './open-cell.ts'
import type { Cell } from './open-cell.ts'

/** Judges code in a cell of this machine. The first request starts it; a request after its end starts another one. */
export async function openLocalGrading(
  cli: Cli,
  { limitMs, onProgress }: { readonly limitMs: number; onProgress(text: string): void },
): Promise<GradingSandbox> {
  const { clock, signal } = cli
  const cacheFolder = await filledCache(cli, onProgress)
  let cell: Cell | undefined = await openCell({ cacheFolder, clock, signal })
  return {
    judge: async (request) => {
      const current = (cell ??= await openCell({ cacheFolder, clock, signal }))
      const judged = await judgeIn(current, request, { cli, limitMs, onProgress })
      if (judged.kind === 'late' || !current.child.connected) {
        await current.kill()
        cell = undefined
      }
      return judged
    },
    [Symbol.asyncDispose]: async () => {
      await cell?.[Symbol.asyncDispose]()
    },
  }
}

/** One request. Rejects when the user ends the command. */
async function judgeIn(
  { child, ended }: Cell,
  request: JudgeRequest,
  { cli, limitMs, onProgress }: { cli: Cli; limitMs: number; onProgress(text: string): void },
): Promise<Judged> {
  const over = new AbortController()
  const answered = Promise.withResolvers<Judged>()
  const listen = (message: CellMessage): void => {
    if (message.type === 'progress') onProgress(message.text)
    if (message.type === 'judged') answered.resolve(message.judged)
  }
  child.on('message', listen)
  const stop = AbortSignal.any([over.signal, cli.signal])
  try {
    child.send({ type: 'judge', ...request } satisfies CellRequest, () => undefined)
    return await Promise.race([
      answered.promise,
      ended.then((): Judged => ({ kind: 'lost', why: endedText })),
      cli.clock.sleep(limitMs, stop).then((): Judged => ({ kind: 'late', why: lateText(limitMs) })),
    ])
  } finally {
    over.abort()
    child.off('message', listen)
  }
}

const endedText = 'The code has ended the sandbox, with all its processes.'

/** Why code has no verdict that was judged too long. */
export function lateText(limitMs: number): string {
  return `There was no verdict within ${limitMs / 1_000} s: the code may keep the sandbox from its work.`
}

/** The cell has no network, and no right to change the cache. So a first sandbox, without any learner's code, fills it. */
async function filledCache(cli: Cli, onProgress: (text: string) => void): Promise<string> {
  const filled = await findFilledCache()
  if (filled !== undefined) return filled
  onProgress('Preparing this machine (once) ...')
  await using _sandbox = await launchSandbox(cli, {
    ephemeral: true,
    detached: false,
    onProgress,
  })
  const folder = await findFilledCache()
  if (folder === undefined) throw new Error('The cache of the local runtime is empty.')
  return folder
}

async function findFilledCache(): Promise<string | undefined> {
  for (const folder of existingCacheFolders(readHostConfig())) {
    const names = await readdir(folder).catch(() => [] as string[])
    if (names.some((name) => name.startsWith('postgres-'))) return folder
  }
  return undefined
}
