import type { Judged } from '#chaos/grading/judge.ts'
import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { launchSandbox } from '../sandbox/launch.ts'
import type { LaunchedSandbox } from '../sandbox/launch.ts'
import type { CellMessage, CellRequest } from './cell-messages.ts'
import { judgeInSandbox } from './judge-in-sandbox.ts'

// A program: runs in the cell of `lab grade`. It starts a sandbox there and judges code in it, one request after the other. It
// ends with its parent. Code that is judged can end this process: the parent then makes a new cell.
const home = homeAt(process.env['UNHAPPY_HOME'] ?? '')
const over = new AbortController()
let sandbox: LaunchedSandbox | undefined
let last: Promise<void> = Promise.resolve()

process.on('disconnect', () => {
  over.abort(new Error('the grading has ended'))
  void last.then(end, end)
})
process.on('message', (request: CellRequest) => {
  last = last.then(async () => send({ type: 'judged', judged: await judge(request) }))
})
send({ type: 'ready' })

async function judge(request: CellRequest): Promise<Judged> {
  try {
    sandbox ??= await launchSandbox(
      { home, slot: undefined, clock: systemClock, signal: over.signal },
      {
        ephemeral: true,
        detached: false,
        onProgress: (text) => send({ type: 'progress', text }),
      },
    )
    send({ type: 'begun' })
    const judged = await judgeInSandbox(sandbox.client, request, { home, clock: systemClock })
    // A failed run can leave a broken sandbox.
    if (judged.kind === 'lost' || (judged.kind === 'run' && judged.run.outcome === null))
      await stopSandbox()
    return judged
  } catch (error) {
    await stopSandbox()
    return { kind: 'lost', why: messageOf(error) }
  }
}

async function stopSandbox(): Promise<void> {
  const stopped = sandbox
  sandbox = undefined
  await stopped?.[Symbol.asyncDispose]()
}

function send(message: CellMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

async function end(): Promise<void> {
  await stopSandbox().catch(() => undefined)
  process.exit(0)
}
