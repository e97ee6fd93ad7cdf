import type { Framer } from './framer.ts'
import { type HttpHead, HttpMessages } from './http-messages.ts'

/** Requests of one connection, pipelined or one after the other. */
export class HttpRequestFramer implements Framer {
  ended = false
  urgent = false
  readonly #messages = new HttpMessages('REQUEST', () => false)
  #expectsContinue = false

  /** Known when the headers of the current request are complete. */
  get head(): HttpHead | undefined {
    return this.#messages.head
  }

  scan(chunk: Buffer, from: number): number {
    const known = this.ended ? undefined : this.#messages.head
    const at = this.#messages.scan(chunk, from)
    this.ended = this.#messages.ended
    const head = this.#messages.head
    if (known === undefined && head !== undefined)
      this.#expectsContinue = headerOf(head, 'expect')?.toLowerCase() === '100-continue'
    // The client sends the body only after it has received "100 Continue".
    this.urgent = !this.ended && head !== undefined && this.#expectsContinue
    return at
  }
}

/** Responses of one connection. An interim response (1xx) is part of the unit of the final one. */
export class HttpReplyFramer implements Framer {
  ended = false
  readonly urgent = false
  /** Method of the request that the next final response belongs to: a response to HEAD never has a body. */
  method = 'GET'
  readonly #messages = new HttpMessages('RESPONSE', (head) => this.#hasNoBody(head))

  get head(): HttpHead | undefined {
    return this.#messages.head
  }

  /** See {@link HttpMessages.bodyBytes}; of the final response. */
  get bodyBytes(): number {
    return isInterim(this.head) ? 0 : this.#messages.bodyBytes
  }

  scan(chunk: Buffer, from: number): number {
    this.ended = false
    let at = from
    while (at < chunk.length) {
      at = this.#messages.scan(chunk, at)
      if (!this.#messages.ended) return at
      if (!isInterim(this.#messages.head)) {
        this.ended = true
        return at
      }
    }
    return at
  }

  /** The server has closed: that may be the end of the response. */
  finish(): boolean {
    this.ended = this.#messages.finish()
    return this.ended
  }

  #hasNoBody(head: HttpHead): boolean {
    const { statusCode } = head
    if (isInterim(head) || statusCode === 101 || statusCode === 204 || statusCode === 304)
      return true
    return this.method === 'HEAD' || (this.method === 'CONNECT' && statusCode < 300)
  }
}

/** Value of a header; upper and lower case of its name are the same. */
function headerOf(head: HttpHead, name: string): string | undefined {
  for (let i = 0; i + 1 < head.headers.length; i += 2)
    if (head.headers[i]?.toLowerCase() === name) return head.headers[i + 1]
  return undefined
}

function isInterim(head: HttpHead | undefined): boolean {
  return head !== undefined && head.statusCode < 200 && head.statusCode !== 101
}
