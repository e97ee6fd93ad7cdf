import { InputError } from '#chaos/lib/errors.ts'

import { type Described, type Dialect, excerpt } from './dialect.ts'
import { RedisReplyFramer, RedisRequestFramer } from './redis-framers.ts'
import { errorKind } from './resp-values.ts'
import { hashOfScript, nameOfScript } from './script-names.ts'

/** Commands whose first argument is part of their name. */
const containers = new Set(
  'ACL CLIENT CLUSTER COMMAND CONFIG DEBUG FUNCTION LATENCY MEMORY OBJECT PUBSUB SCRIPT SLOWLOG XGROUP XINFO'.split(
    ' ',
  ),
)
/** After these commands, messages of the server are not replies to single commands. */
const unpaired = new Set(
  'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR SYNC PSYNC'.split(
    ' ',
  ),
)

/** These change the connection itself, or belong to a transaction of it. */
const sessional =
  /^(empty|AUTH|HELLO|SELECT|QUIT|RESET|READONLY|READWRITE|ASKING|CLIENT .*|MULTI|EXEC|DISCARD|WATCH|UNWATCH)$/

/** RESP2 and RESP3. Can join a running connection when nothing is in flight. */
export class Redis implements Dialect {
  readonly requests = new RedisRequestFramer()
  readonly replies = new RedisReplyFramer()
  readonly comesInParts = false
  readonly speaksUnasked = true
  readonly requestsAreIndependent = true
  readonly replyBodyBytes = 0
  transactionOpen = false
  /** Transactions that were begun and have not ended. */
  #transactions = 0
  #answering = ''

  get remembers(): boolean {
    return this.transactionOpen
  }

  describe(head: Buffer): Described {
    if (this.requests.empty && this.requests.ended)
      return { signature: 'empty', expects: 'nothing' }
    const [first = '?', second] = argumentsOf(head, 2)
    const command = first.toUpperCase()
    if (unpaired.has(command)) return { signature: command, expects: 'opaque' }
    if (command === 'CLIENT' && second?.toUpperCase() === 'REPLY')
      return { signature: 'CLIENT REPLY', expects: 'opaque' }
    if (command === 'MULTI') {
      this.transactionOpen = true
      this.#transactions += 1
    }
    return { signature: nameOf(command, second), expects: 'reply' }
  }

  beginReply(signature: string): void {
    this.#answering = signature
  }

  endReply(): 'answer' | 'push' {
    if (this.replies.push) return 'push'
    if (this.#answering === 'EXEC' || this.#answering === 'DISCARD') {
      this.transactionOpen = false
      this.#transactions = Math.max(0, this.#transactions - 1)
    }
    return 'answer'
  }

  finishReply(): boolean {
    return false
  }

  continues(): boolean {
    return false
  }

  /** Inside MULTI every command counts: EXEC has one reply for each. */
  standsAlone(signature: string): boolean {
    return this.#transactions === 0 && !sessional.test(signature)
  }

  summarise(part: 'request' | 'reply', head: Buffer): string {
    if (part === 'reply') return excerpt(head.toString('utf8', 0, 400))
    const texts = argumentsOf(head, 12)
    // The keys of a script are more useful than its text.
    if (texts[0]?.toUpperCase() === 'EVAL') texts[1] = hashOfScript(texts[1] ?? '').slice(0, 8)
    return excerpt(texts.map((text) => excerpt(text, 60)).join(' '))
  }

  statusOf(head: Buffer): string {
    const line = head.toString('latin1', 1, Math.min(head.indexOf(0x0d) >>> 0, 80))
    switch (String.fromCharCode(head[0] ?? 0)) {
      case '+':
      case ':':
      case ',':
      case '#':
        return line
      case '-':
      case '!':
        return `ERROR ${line.split(' ', 1)[0]}`
      case '$':
        return line === '-1' ? 'nil' : `${line} bytes`
      case '_':
        return 'nil'
      default:
        return line === '-1' ? 'nil' : `${line} items`
    }
  }

  /** `LOADING Redis is loading the dataset in memory`. */
  errorReply(text: string): Buffer {
    const line = text.replace(/^-/, '')
    if (line === '' || /[\r\n]/.test(line))
      throw new InputError(`replace: "${text}" is not a valid Redis error.`, {
        remedy: 'Write one line, such as "LOADING Redis is loading the dataset in memory".',
      })
    return Buffer.from(`${String.fromCharCode(errorKind)}${line}\r\n`)
  }
}

function nameOf(command: string, second: string | undefined): string {
  switch (command) {
    case 'EVAL':
    case 'EVAL_RO':
      return second === undefined ? 'script (long)' : nameOfScript(hashOfScript(second))
    case 'EVALSHA':
    case 'EVALSHA_RO':
      return nameOfScript(second ?? '')
    default:
      return containers.has(command) && second !== undefined
        ? `${command} ${second.toUpperCase()}`
        : command
  }
}

/** The first arguments of a command as text; fewer when the head ends earlier. Inline commands are split at spaces. */
function argumentsOf(head: Buffer, max: number): string[] {
  if (head[0] !== 0x2a) return head.toString('latin1').trim().split(/\s+/).slice(0, max)
  const texts: string[] = []
  let at = head.indexOf(0x0a) + 1
  while (at > 0 && at < head.length && texts.length < max) {
    const lineEnd = head.indexOf(0x0a, at)
    if (lineEnd === -1) break
    let length = 0
    for (let i = at + 1; i < lineEnd - 1; i++) length = length * 10 + (head[i] as number) - 0x30
    const from = lineEnd + 1
    if (from + length > head.length) break
    texts.push(head.toString('utf8', from, from + length))
    at = from + length + 2
  }
  return texts
}
