import type { FlowMessage } from '#chaos/contracts/flow-record.ts'

const hop = 0.15

/** Collects messages at times that advance. */
export class FlowScript {
  ms = 0
  readonly messages: FlowMessage[] = []
  private count = 0

  constructor(startMs: number) {
    this.ms = startMs
  }

  wait(ms: number): this {
    this.ms += ms
    return this
  }

  request(link: string, text: string, more: Partial<FlowMessage> = {}): string {
    const [from = '', to = ''] = link.split(':')
    this.count += 1
    const exchange = `${link}#${this.count}`
    this.messages.push({
      exchange,
      part: 'request',
      link,
      from,
      to,
      text,
      sentMs: this.ms,
      arrivedMs: this.ms + hop,
      summary: `${text} for o-7f-000014`,
      ...more,
    })
    this.ms += hop
    return exchange
  }

  reply(exchange: string, text: string, more: Partial<FlowMessage> = {}): this {
    const [link = ''] = exchange.split('#')
    const [to = '', from = ''] = link.split(':')
    this.messages.push({
      exchange,
      part: 'reply',
      link,
      from,
      to,
      text,
      sentMs: this.ms,
      arrivedMs: this.ms + hop,
      ...more,
    })
    this.ms += hop
    return this
  }

  exchange(link: string, text: string, status = 'OK', tookMs = 0.4): this {
    const id = this.request(link, text)
    this.wait(tookMs).reply(id, status)
    return this.wait(0.25)
  }
}
