import { spawn } from 'node:child_process'

import { sandboxVariable, type HelperRequest, type HelperResult } from './keeper-requests.ts'

const outputMax = 256 * 1024

/**
 * Runs a helper to its end. Its environment names the sandbox, so the end of the sandbox finds and
 * kills it too.
 */
export async function runHelper(request: HelperRequest, folder: string): Promise<HelperResult> {
  const child = spawn(request.command, request.args, {
    cwd: request.cwd,
    env: { ...request.environment, [sandboxVariable]: folder },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: request.timeoutMs,
    killSignal: 'SIGKILL',
    ...(request.uid === undefined ? {} : { uid: request.uid }),
    ...(request.gid === undefined ? {} : { gid: request.gid }),
  })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  // A helper may end without reading its input.
  child.stdin.on('error', () => undefined)
  child.stdin.end(request.input ?? '')
  return await new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(new Error(`Cannot run ${request.command}`, { cause })))
    child.on('close', (code, signal) =>
      resolve({ code, signal, stdout: stdout(), stderr: stderr() }),
    )
  })
}

/** Keeps the end of the output. */
function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-outputMax)
  })
  return () => text
}
