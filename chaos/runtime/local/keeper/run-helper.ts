import { spawn } from 'node:child_process'

import { sandboxVariable, type HelperRequest, type HelperResult } from './messages.ts'

const outputMax = 256 * 1024

/** Runs a helper to its end. It carries the sandbox's mark, so that it too is found when everything is taken down. */
export async function runHelper(order: HelperRequest, folder: string): Promise<HelperResult> {
  const child = spawn(order.command, order.args, {
    cwd: order.cwd,
    env: { ...order.environment, [sandboxVariable]: folder },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: order.timeoutMs,
    killSignal: 'SIGKILL',
    ...(order.uid === undefined ? {} : { uid: order.uid }),
    ...(order.gid === undefined ? {} : { gid: order.gid }),
  })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  // A helper that ends without reading its input is no error of ours.
  child.stdin.on('error', () => undefined)
  child.stdin.end(order.input ?? '')
  return await new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(new Error(`Cannot run ${order.command}`, { cause })))
    child.on('close', (code, signal) =>
      resolve({ code, signal, stdout: stdout(), stderr: stderr() }),
    )
  })
}

/** Keeps the end of what comes. */
function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-outputMax)
  })
  return () => text
}
