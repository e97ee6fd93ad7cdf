import type { System } from '#chaos/contracts/system.ts'
import type { LoadedFlow } from '#chaos/derived/file/load-flow.ts'
import type { CodeToXray } from '#chaos/exercise/code-to-xray.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import type { LiveHead } from '#chaos/xray/live/live-line.ts'
import { writeLive } from '#chaos/xray/live/write-live.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import { sweep } from '#chaos/xray/sweep.ts'

import type { Cli } from '../cli.ts'
import { createLiveMatrix } from './live-matrix.ts'
import { type SavedMatrix, saveMatrix } from './save-matrix.ts'

/** An X-ray in sandboxes of its own. */
export interface XrayRequest {
  /** With the flow. */
  readonly system: System
  readonly flow: string
  readonly mode: 'full' | 'quick'
  readonly code: CodeToXray
  readonly sandboxes: number
  readonly startedAt: string
  readonly only?: ReadonlySet<string>
  readonly budgetMs?: number
  /** The user's own flow. */
  readonly file?: LoadedFlow
}

/** Makes the matrix. Its progress appears on the terminal and in the live file of the folder. */
export async function makeMatrix(
  cli: Cli,
  request: XrayRequest,
  folder: string,
): Promise<{ matrix: Matrix; files: SavedMatrix }> {
  const { clock, signal } = cli
  const { flow, mode, code, system, file, budgetMs } = request
  using record = writeLive(folder, headOf(request), clock)
  const status = (text: string): void => {
    cli.err.line(cli.err.colours.dim(`  ${text}`))
    record.status(text)
  }
  try {
    const fromMs = clock.now()
    const { off } = code
    const exercise = codeOf(code)
    await using opened = await openXraySandboxes({
      system,
      count: request.sandboxes,
      clock,
      setup: { off, signal, ...(exercise === null ? {} : { exercise }) },
      onProgress: status,
    })
    status(`Ready after ${formatDuration(clock.now() - fromMs)}.`)
    using live = createLiveMatrix(cli)
    const made = await sweep({
      flow,
      mode,
      variant: code.variant,
      sandboxes: opened.sandboxes,
      clock,
      ...(request.only === undefined ? {} : { only: request.only }),
      ...(budgetMs === undefined ? {} : { budgetMs }),
      onStatus: status,
      onProgress: (progress) => {
        live.show(progress)
        record.show(progress)
      },
    })
    live.end()
    const matrix: Matrix =
      file === undefined ? made : { ...made, flowFile: { path: file.path, text: file.text } }
    const files = await saveMatrix(cli, matrix, folder)
    record.done()
    return { matrix, files }
  } catch (error) {
    record.broken(error, signal.aborted ? 'stopped' : 'failed')
    throw error
  }
}

function headOf({ flow, mode, code, sandboxes, startedAt, system }: XrayRequest): LiveHead {
  return {
    flow,
    variant: code.variant,
    code: codeOf(code),
    mode,
    startedAt,
    env: {
      node: process.version,
      sandboxes,
      timersScaled: system.xray?.timers ?? {},
      netsOff: code.off,
    },
  }
}

function codeOf({ exercise }: CodeToXray): LiveHead['code'] {
  return exercise === undefined ? null : { folder: exercise.folder, seams: exercise.seams }
}
