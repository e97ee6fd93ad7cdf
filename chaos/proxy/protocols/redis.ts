import { InputError } from '#chaos/lib/errors.ts'

import { type Described, type Dialect, excerpt } from './dialect.ts'
import { argumentsOf } from './redis-arguments.ts'
import { RedisReplies, RedisRequests } from './redis-framers.ts'
import { errorKind } from './resp-values.ts'
import { hashOfScript, nameOfScript } from './script-names.ts'

/** Commands whose first argument belongs to their name. */
const containers = new Set(
  'ACL CLIENT CLUSTER COMMAND CONFIG DEBUG FUNCTION LATENCY MEMORY OBJECT PUBSUB SCRIPT SLOWLOG XGROUP XINFO'.split(
    ' ',
  ),
)
/** After these, what the server says answers no command in particular. */
const unpaired = new Set(
  'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR SYNC PSYNC'.split(
    ' ',
  ),
)

/** RESP2 and RESP3. Joins a running connection when nothing is under way. */
export class Redis implements Dialect {
  readonly requests = new RedisRequests()
  readonly replies = new RedisReplies()
  readonly comesInParts = false
  readonly speaksUnasked = true
  readonly replyBodyBytes = 0
  transactionOpen = false
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
    if (command === 'MULTI') this.transactionOpen = true
    return { signature: nameOf(command, second), expects: 'reply' }
  }

  beginReply(signature: string): void {
    this.#answering = signature
  }

  endReply(): 'answer' | 'push' {
    if (this.replies.push) return 'push'
    if (this.#answering === 'EXEC' || this.#answering === 'DISCARD') this.transactionOpen = false
    return 'answer'
  }

  finishReply(): boolean {
    return false
  }

  continues(): boolean {
    return false
  }

  summarise(part: 'request' | 'reply', head: Buffer): string {
    if (part === 'reply') return excerpt(head.toString('utf8', 0, 400))
    const texts = argumentsOf(head, 12)
    // The text of a script says nothing; its keys do.
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
      throw new InputError(`replace: "${text}" is no Redis error.`, {
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
