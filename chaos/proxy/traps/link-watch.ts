import { keysIn } from '../protocols/keys.ts'
import type { MessageKeeper } from '../recording/recorded-message.ts'
import type { ExchangeCounts } from './exchange-counts.ts'
import type { MessageHooks } from './message.ts'
import type { Trap } from './trap.ts'

/** Traps that an exchange with a certain signature concerns. */
export interface Concerned {
  readonly before: readonly Trap[]
  readonly after: readonly Trap[]
  /** Traps that start to count after such an exchange. */
  readonly waiting: readonly Trap[]
}

/** Where the body of a reply is stopped, and what happens then. */
export interface BodyStop {
  /** This many bytes of the body pass. The last byte of a body never passes, so the reply is always incomplete. */
  readonly afterBytes: number
  /** Called once these bytes have passed. The rest waits until `resume` is called, or until the connection ends. */
  reached(resume: () => void): void
}

/** Called once for each reply that has a body, when the first byte of the body has arrived. */
export type ReplyHook = (reply: {
  /** Of the request: `POST /charges`. */
  readonly signature: string
  /** `201`. */
  readonly status: string
}) => BodyStop | undefined

const signaturesMax = 1_000

/** The traps and taps of one link; all its connections share them. */
export class LinkWatch {
  readonly link: string
  /** Exchanges are reported. */
  tapped = false
  /** Exchanges are counted. */
  counts: ExchangeCounts | undefined
  /** Where the messages of flows are kept; only while a recording is played back. */
  recording: MessageKeeper | undefined
  /** A trap may hold a request, so the bytes of a request wait until it is whole. */
  holdsRequests = false
  /** May stop a reply in the middle of its body. */
  onReply: ReplyHook | undefined
  /** May hold, change or repeat whole messages. */
  messages: MessageHooks | undefined
  #traps: readonly Trap[] = []
  #texts: readonly { readonly text: string; readonly bytes: Buffer }[] = []
  readonly #bySignature = new Map<string, Concerned>()

  constructor(link: string) {
    this.link = link
  }

  /** The link has no trap and no tap. */
  get idle(): boolean {
    return !this.tapped && this.counts === undefined && this.#traps.length === 0
  }

  /** Only the counts read the exchanges. */
  get onlyCounts(): boolean {
    return !this.tapped && this.#traps.length === 0 && this.messages === undefined
  }

  /** Messages are searched for transactions. */
  get searches(): boolean {
    return this.tapped || this.#texts.length > 0
  }

  /** Sets the traps that are armed on this link, and the texts that taps look for. */
  setTraps(traps: readonly Trap[], tapped: readonly string[] = []): void {
    this.#traps = traps
    this.holdsRequests = traps.some(({ request }) => request.phase === 'before')
    const texts = new Set([...traps.flatMap((trap) => trap.texts()), ...tapped])
    this.#texts = [...texts].map((text) => ({ text, bytes: Buffer.from(text) }))
    this.#bySignature.clear()
  }

  concerned(signature: string): Concerned {
    const known = this.#bySignature.get(signature)
    if (known !== undefined) return known
    const wanting = this.#traps.filter((trap) => trap.wants(this.link, signature))
    const concerned = {
      before: wanting.filter(({ request }) => request.phase === 'before'),
      after: wanting.filter(({ request }) => request.phase === 'after'),
      waiting: this.#traps.filter((trap) => trap.waitsFor(this.link, signature)),
    }
    if (this.#bySignature.size >= signaturesMax) this.#bySignature.clear()
    this.#bySignature.set(signature, concerned)
    return concerned
  }

  /** Transactions that a message carries: those of traps, and every key in it while the link is tapped. */
  tagsIn(head: Buffer, everyKey: boolean): string[] {
    const found = this.#texts.filter(({ bytes }) => head.includes(bytes)).map(({ text }) => text)
    if (!this.tapped && (found.length > 0 || !everyKey)) return found
    return [...new Set([...found, ...keysIn(head.toString('latin1'))])]
  }
}
