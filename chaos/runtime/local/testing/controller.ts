/**
 * Program: a controller for tests that kill it. `node controller.ts SLOT`; prints `ready
 * KEEPER_PID` when everything is ready.
 */
import { startTinyRuntime } from './start-tiny-runtime.ts'

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))
const { signal } = interrupted

try {
  await using runtime = await startTinyRuntime({ slot: Number(process.argv[2]), signal })
  process.stdout.write(`ready ${runtime.keeperPid}\n`)
  await Promise.race([runtime.lost.then(() => process.stdout.write('lost\n')), untilAborted()])
} catch (error) {
  // Like the real controller: it does not exit by force, so what still runs in it would keep it alive.
  if (!signal.aborted) process.stderr.write(`${String(error)}\n`)
  process.exitCode = signal.aborted ? 0 : 1
}

async function untilAborted(): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}
