import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxView, XrayBody } from '#chaos/contracts/api.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import type { XrayView } from '#chaos/xray/live/xray-view.ts'
import type { Cell, Matrix } from '#chaos/xray/matrix.ts'

import type { Cli } from '../cli.ts'
import { doesNotRespond, knownSandboxes, selectSandbox } from '../sandbox/find.ts'
import { createLiveMatrix, type LiveMatrix } from './live-matrix.ts'
import { type SavedMatrix, saveMatrix } from './save-matrix.ts'

const pollMs = 5_000
/** Time to stop and to restore the shop. */
const stopsWithinMs = 150_000

/**
 * The sandbox in Docker, or the adopted system, that an X-ray uses: the one that `--sandbox` names, else the only one. Undefined when
 * there is none. Throws {@link InputError} when several run, or when it does not respond.
 */
export async function dockerSandbox(cli: Cli): Promise<ApiClient | undefined> {
  const known = await knownSandboxes(cli)
  const named = known.filter(({ file }) => cli.slot === undefined || file.slot === cli.slot)
  const [only, second] = named.filter(({ file }) => file.runtime !== 'local')
  const selected = second === undefined ? only : await selectSandbox(cli)
  if (selected === undefined) return undefined
  if (selected.state === 'silent') throw doesNotRespond(selected.file)
  return createApiClient(selected.file, cli.clock, cli.signal)
}

/**
 * Asks the controller of a sandbox in Docker for an X-ray of that sandbox, shows the matrix while it fills, and returns it.
 * Ctrl-C stops it and resolves when the shop is restored. Throws {@link InputError} when the X-ray does not start, fails or
 * is stopped.
 */
export async function xrayInDocker(
  cli: Cli,
  client: ApiClient,
  request: XrayBody,
  out: string | undefined,
): Promise<{ matrix: Matrix; files: SavedMatrix }> {
  const { bold } = cli.err.colours
  const { lastSeq, slot, system } = await client.sandbox()
  const after = restoring(system)
  const started = await client.startXray(request)
  cli.err.line(`${bold(`X-ray of ${started.flow}`)}: ${started.variant}`)
  cli.err.line(
    `  It uses sandbox ${slot}: nothing else can use it until the X-ray has ended (${timeText(request)}). Ctrl-C stops it.`,
  )
  try {
    const ended = await follow(cli, client, started.id, lastSeq)
    if (ended.state !== 'done') throw new InputError(ended.error ?? 'The X-ray was stopped.')
    const matrix = await client.xrayMatrix(started.id)
    return { matrix, files: await filesOf(cli, { matrix, system }, ended.folder, out) }
  } catch (error) {
    if (cli.signal.aborted) await stop(cli, client, started.id, after)
    throw error
  }
}

/** What follows an X-ray: a user's own system keeps its data. */
function restoring({ name, adopted }: SandboxView['system']): string {
  return adopted === true ? `healing every fault of ${name}` : `restoring the ${name}`
}

function timeText({ mode, only, budgetMs }: XrayBody): string {
  if (budgetMs !== undefined) return `about ${formatDuration(budgetMs)}, or less if it needs less`
  if (only !== undefined) return 'about 20 s and some seconds for each cell'
  return mode === 'quick' ? 'about 3 minutes' : 'about 8 minutes'
}

/** Shows the progress until the X-ray has ended and the shop is restored. */
async function follow(cli: Cli, client: ApiClient, id: string, lastSeq: number): Promise<XrayView> {
  using live = createLiveMatrix(cli)
  const show = showProgress(cli, client, id, live)
  const over = new AbortController()
  const byEvents = async (): Promise<void> => {
    for await (const event of client.events({ types: ['xray'] }, lastSeq, over.signal)) {
      if (event.type !== 'xray' || event.id !== id) continue
      await show(event)
      if (event.state !== 'running') return
    }
  }
  const byPolling = async (): Promise<void> => {
    for (;;) {
      await cli.clock.sleep(pollMs, over.signal)
      const { xrays } = await client.xrays()
      if (xrays.find((xray) => xray.id === id)?.state !== 'running') return
    }
  }
  try {
    // An X-ray that fails before its first event has no event. Polling notices its end.
    await Promise.race([byEvents(), byPolling()])
    live.end()
    return await client.xray(id)
  } finally {
    over.abort()
  }
}

interface Progress {
  readonly status: string
  readonly total: number
  readonly leftMs?: number
  readonly cells: readonly { readonly id: string; readonly result: string }[]
}

function showProgress(
  cli: Cli,
  client: ApiClient,
  id: string,
  live: LiveMatrix,
): (progress: Progress) => Promise<void> {
  const cells = new Map<string, Cell>()
  const fromMs = cli.clock.now()
  let view: XrayView | undefined
  let status = ''
  return async (progress) => {
    if (progress.status !== status && progress.status !== '')
      cli.err.line(cli.err.colours.dim(`  ${progress.status}`))
    status = progress.status
    // The steps are known as soon as there is a number of cells.
    const isFirst = view === undefined && progress.total > 0
    if (isFirst) view = await client.xray(id)
    if (view === undefined) return
    for (const cell of isFirst ? view.matrix.cells : []) cells.set(cell.id, cell)
    for (const cell of progress.cells as readonly Cell[]) cells.set(cell.id, cell)
    const { leftMs, total } = progress
    live.show({
      phase: isFirst ? 'baseline' : 'cells',
      steps: view.matrix.steps,
      background: view.matrix.background,
      baseline: view.matrix.baseline,
      cells: [...cells.values()],
      total,
      elapsedMs: cli.clock.now() - fromMs,
      ...(leftMs === undefined ? {} : { leftMs }),
    })
  }
}

/** The controller has saved the files in its runs folder, which is also that of this machine. */
async function filesOf(
  cli: Cli,
  { matrix, system }: { readonly matrix: Matrix; readonly system: SandboxView['system'] },
  folder: string,
  out: string | undefined,
): Promise<SavedMatrix> {
  if (out === undefined) return { json: join(folder, 'xray.json'), page: join(folder, 'xray.html') }
  await mkdir(resolve(out), { recursive: true })
  return await saveMatrix(cli, matrix, resolve(out), system.adopted === true ? system : undefined)
}

async function stop(cli: Cli, { file }: ApiClient, id: string, after: string): Promise<void> {
  cli.err.line(`Stopping the X-ray and ${after} ...`)
  // The client's own signal has aborted already.
  const controller = createApiClient(file, cli.clock, AbortSignal.timeout(stopsWithinMs))
  await controller.stopXray(id).catch((error: unknown) => {
    cli.err.line(`The X-ray could not be stopped: ${messageOf(error)}`)
  })
}
