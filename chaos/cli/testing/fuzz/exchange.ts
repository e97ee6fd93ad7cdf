import { connect } from 'node:net'

/** What came back within the time. */
export interface Answer {
  /** Undefined: no response of HTTP. */
  readonly status: number | undefined
  readonly head: string
  readonly body: string
  /** Every status of every response on the connection. */
  readonly statuses: readonly number[]
  /** Error code of the connection, such as ECONNREFUSED. */
  readonly error: string | undefined
  /** The target closed the connection, or the response has ended. */
  readonly ended: boolean
}

const answerBytesMax = 256 * 1024

/** Sends the bytes on a new connection of the loopback interface and reads until the target closes it or the time is over. */
export function exchange(
  port: number,
  bytes: Buffer,
  options: { readonly waitMs: number; readonly halfClose?: boolean },
): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    let error: string | undefined
    let ended = false
    const socket = connect({ host: '127.0.0.1', port })
    const timer = setTimeout(() => socket.destroy(), options.waitMs)
    socket.on('connect', () => {
      socket.write(bytes)
      if (options.halfClose === true) socket.end()
    })
    socket.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= answerBytesMax) chunks.push(chunk)
      // An event stream has no end.
      if (chunks.length === 1 && chunk.includes('text/event-stream')) {
        ended = true
        socket.destroy()
      }
    })
    socket.on('end', () => (ended = true))
    socket.on(
      'error',
      (problem: NodeJS.ErrnoException) => (error = problem.code ?? problem.message),
    )
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({
        ...read(Buffer.concat(chunks).toString()),
        error,
        ended: ended || error !== undefined,
      })
    })
  })
}

function read(text: string): Pick<Answer, 'status' | 'statuses' | 'head' | 'body'> {
  const statuses = [...text.matchAll(/(?:^|\n|\})HTTP\/1\.[01] (\d{3})/g)].map((match) =>
    Number(match[1]),
  )
  // A 100 is not the response.
  const from = text.startsWith('HTTP/1.1 100') ? text.indexOf('\r\n\r\n') + 4 : 0
  const end = text.indexOf('\r\n\r\n', from)
  const final = statuses.find((status) => status !== 100)
  return {
    status: final,
    statuses,
    head: end < 0 ? text.slice(from) : text.slice(from, end),
    body: end < 0 ? '' : text.slice(end + 4),
  }
}
