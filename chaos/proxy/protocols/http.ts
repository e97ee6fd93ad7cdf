import { STATUS_CODES } from 'node:http'

import { InputError } from '#chaos/lib/errors.ts'

import { type Described, type Dialect, excerpt } from './dialect.ts'
import { HttpReplyFramer, HttpRequestFramer } from './http-framers.ts'

/** HTTP/1.1. Can join a running connection when no request is in flight. */
export class Http implements Dialect {
  readonly requests = new HttpRequestFramer()
  readonly replies = new HttpReplyFramer()
  readonly transactionOpen = false
  readonly remembers = false
  readonly comesInParts = false
  readonly speaksUnasked = false
  readonly requestsAreIndependent = true

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

  /** The reply to HEAD or CONNECT has another form than its headers say. */
  standsAlone(signature: string): boolean {
    return !/^(HEAD|CONNECT) /.test(signature)
  }

  summarise(part: 'request' | 'reply', head: Buffer): string {
    const bodyAt = head.indexOf('\r\n\r\n')
    const body = bodyAt === -1 ? '' : head.toString('utf8', bodyAt + 4, bodyAt + 400)
    const line = firstLine(head).replace(/^HTTP\/1\.\d | HTTP\/1\.\d$/, '')
    return excerpt(part === 'request' || body === '' ? `${line} ${body}` : body)
  }

  statusOf(head: Buffer): string {
    // Interim responses come first, so the last status line counts.
    return `${this.replies.head?.statusCode ?? firstLine(head).split(' ', 2)[1] ?? ''}`
  }

  /** `503` or `503 {"error":"busy"}`: a status and a body. */
  errorReply(text: string): Buffer {
    const match = /^([2-5]\d\d)(?:\s+(.*))?$/s.exec(text)
    if (match === null)
      throw new InputError(`replace: "${text}" is not a valid HTTP response.`, {
        remedy: 'Write a status from 200 to 599 and, if needed, a body: "503 busy".',
      })
    return httpReply(Number(match[1]), match[2] ?? '')
  }
}

/** A whole response on a connection that stays open. */
export function httpReply(status: number, body: string): Buffer {
  const type = /^\s*[[{]/.test(body) ? 'application/json' : 'text/plain; charset=utf-8'
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Injected'}`,
    ...(body === '' ? [] : [`content-type: ${type}`]),
    ...(status === 204 || status === 304 ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${status === 204 || status === 304 ? '' : body}`)
}

/** Empty lines before a request are allowed. */
function firstLine(head: Buffer): string {
  let from = 0
  while (head[from] === 0x0d || head[from] === 0x0a) from += 1
  const end = head.indexOf(0x0a, from)
  return head.toString('latin1', from, end === -1 ? head.length : end).trimEnd()
}

/**
 * A path without the parts that change from request to request. The query is left out. A segment with a digit becomes
 * `:id`, except versions such as `v1`. A last segment after a plural becomes `:id` too: `/orders/7` is `/orders/:id`, and
 * `/products/tea` is `/products/:id`.
 */
function maskPath(target: string): string {
  const path = target.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/, 1)[0] ?? ''
  const segments = path.split('/')
  const masked = segments.map((segment, i) => {
    if (/\d/.test(segment) && !/^v\d{1,2}$/.test(segment)) return ':id'
    const afterPlural = i > 1 && i === segments.length - 1 && /[a-z]s$/.test(segments[i - 1] ?? '')
    return afterPlural && segment !== '' ? ':id' : segment
  })
  return masked.join('/') || '/'
}
