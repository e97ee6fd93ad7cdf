import { STATUS_CODES } from 'node:http'

import { InputError } from '#chaos/lib/errors.ts'

import { type Described, type Dialect, excerpt } from './dialect.ts'
import { HttpReplies, HttpRequests } from './http-framers.ts'
import { maskPath } from './mask-path.ts'

/** HTTP/1.1. Joins a running connection when no request is under way. */
export class Http implements Dialect {
  readonly requests = new HttpRequests()
  readonly replies = new HttpReplies()
  readonly transactionOpen = false
  readonly remembers = false
  readonly comesInParts = false
  readonly speaksUnasked = false

  get replyBodyBytes(): number {
    return this.replies.bodyBytes
  }

  describe(head: Buffer): Described {
    const [method = '?', target = '?'] = firstLine(head).split(' ', 2)
    const upgrade = this.requests.head?.upgrade === true
    return { signature: `${method} ${maskPath(target)}`, expects: upgrade ? 'opaque' : 'reply' }
  }

  beginReply(signature: string): void {
    this.replies.method = signature.split(' ', 1)[0] ?? 'GET'
  }

  endReply(): 'answer' | 'opaque' {
    return this.replies.head?.statusCode === 101 ? 'opaque' : 'answer'
  }

  finishReply(): boolean {
    return this.replies.finish()
  }

  continues(): boolean {
    return false
  }

  summarise(part: 'request' | 'reply', head: Buffer): string {
    const bodyAt = head.indexOf('\r\n\r\n')
    const body = bodyAt === -1 ? '' : head.toString('utf8', bodyAt + 4, bodyAt + 400)
    const line = firstLine(head).replace(/^HTTP\/1\.\d | HTTP\/1\.\d$/, '')
    return excerpt(part === 'request' || body === '' ? `${line} ${body}` : body)
  }

  statusOf(head: Buffer): string {
    // The last status line counts: interim replies stand before it.
    return `${this.replies.head?.statusCode ?? firstLine(head).split(' ', 2)[1] ?? ''}`
  }

  /** `503` or `503 {"error":"busy"}`: a status and a body. */
  errorReply(text: string): Buffer {
    const match = /^([2-5]\d\d)(?:\s+(.*))?$/s.exec(text)
    if (match === null)
      throw new InputError(`replace: "${text}" is no HTTP reply.`, {
        remedy: 'Write a status from 200 to 599 and, if you like, a body: "503 busy".',
      })
    return httpReply(Number(match[1]), match[2] ?? '')
  }
}

/** A whole reply on a connection that stays open. */
export function httpReply(status: number, body: string): Buffer {
  const type = /^\s*[[{]/.test(body) ? 'application/json' : 'text/plain; charset=utf-8'
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Injected'}`,
    ...(body === '' ? [] : [`content-type: ${type}`]),
    ...(status === 204 || status === 304 ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${status === 204 || status === 304 ? '' : body}`)
}

/** Empty lines may stand before a request. */
function firstLine(head: Buffer): string {
  let from = 0
  while (head[from] === 0x0d || head[from] === 0x0a) from += 1
  const end = head.indexOf(0x0a, from)
  return head.toString('latin1', from, end === -1 ? head.length : end).trimEnd()
}
