import { readdir } from 'node:fs/promises'

import type { GradingSandbox, Judged, JudgeRequest } from '#chaos/grading/judge.ts'
import { existingCacheFolders } from '#chaos/runtime/local/cache-folder.ts'
import { readHostConfig } from '#chaos/runtime/local/config.ts'

import type { Cli } from '../cli.ts'
import { launchSandbox } from '../sandbox/launch.ts'
import type { CellMessage, CellRequest } from './cell-messages.ts'
import { lateResult } from './late-result.ts'
import { openCell } from './open-cell.ts'
import type { Cell } from './open-cell.ts'

/** A start of the sandbox gives up by itself before. */
const startLimitMs = 300_000

interface JudgingOptions {
  readonly cli: Pick<Cli, 'clock' | 'signal'>
  /** Of one request, from the moment on when the sandbox is ready. */
  readonly limitMs: number
  readonly onProgress: (text: string) => void
}

/** Judges code in a cell of this machine. A request after the end of the cell starts another one. */
export async function openLocalGrading(
  cli: Cli,
  limits: Omit<JudgingOptions, 'cli'>,
): Promise<GradingSandbox> {
  const { clock, signal } = cli
  const cacheFolder = await filledCache(cli, limits.onProgress)
  let cell: Cell | undefined = await openCell({ cacheFolder, clock, signal })
  return {
    judge: async (request) => {
      const current = (cell ??= await openCell({ cacheFolder, clock, signal }))
      const judged = await judgeIn(current, request, { cli, ...limits })
      if (['late', 'busy'].includes(judged.kind) || !current.isAlive) {
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
  { cli, limitMs, onProgress }: JudgingOptions,
): Promise<Judged> {
  const over = new AbortController()
  const answered = Promise.withResolvers<Judged>()
  const begun = Promise.withResolvers<void>()
  const listen = (message: CellMessage): void => {
    if (message.type === 'progress') onProgress(message.text)
    if (message.type === 'begun') begun.resolve()
    if (message.type === 'judged') answered.resolve(message.judged)
  }
  child.on('message', listen)
  const stop = AbortSignal.any([over.signal, cli.signal])
  const late = async (): Promise<Judged> => {
    await Promise.race([begun.promise, cli.clock.sleep(startLimitMs, stop)])
    await cli.clock.sleep(limitMs, stop)
    return lateResult(limitMs)
  }
  try {
    child.send({ type: 'judge', ...request } satisfies CellRequest, () => undefined)
    return await Promise.race([
      answered.promise,
      ended.then((): Judged => ({ kind: 'lost', why: endedText })),
      late(),
    ])
  } finally {
    over.abort()
    child.off('message', listen)
  }
}

const endedText = 'The code has ended the sandbox, with all its processes.'

/** The cell has no network, and no right to change the cache. So a first sandbox, without any learner's code, fills it. */
async function filledCache(cli: Cli, onProgress: (text: string) => void): Promise<string> {
  const filled = await findFilledCache()
  if (filled !== undefined) return filled
  onProgress('Preparing this machine (once) ...')
  const first = await launchSandbox(cli, { ephemeral: true, detached: false, onProgress })
  await first[Symbol.asyncDispose]()
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
