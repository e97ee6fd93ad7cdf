import { connect } from 'node:net'

/** Sends bytes to a port on 127.0.0.1 and returns what comes back; undefined when nothing does in time. */
export async function askOnce(options: {
  readonly port: number
  readonly request: Buffer | string
  readonly replyMin: number
  readonly timeoutMs: number
}): Promise<Buffer | undefined> {
  const socket = connect({ port: options.port, host: '127.0.0.1' })
  const deadline = AbortSignal.timeout(options.timeoutMs)
  const chunks: Buffer[] = []
  return await new Promise((resolve) => {
    const finish = (reply: Buffer | undefined) => {
      socket.destroy()
      resolve(reply)
    }
    deadline.addEventListener('abort', () => finish(undefined))
    socket.on('error', () => finish(undefined))
    socket.on('close', () => finish(undefined))
    socket.on('connect', () => socket.write(options.request))
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      const reply = Buffer.concat(chunks)
      if (reply.length >= options.replyMin) finish(reply)
    })
  })
}
