import { EventEmitter } from 'node:events'

import type { Breach } from '#chaos/contracts/probe-report.ts'
import { createLabelPrinter } from '#services/worker/orders/label-printer.ts'
import type { LabelJob, LabelPrinter } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

import { endInWords, inWords } from '../../contract-probe.ts'
import type { CallEnd, ProbeTools } from '../../contract-probe.ts'

/** No job may take longer. */
export const limitMs = 60_000

export interface Label {
  readonly customer: string
  readonly note: string | null
}

export const ann: Label = { customer: 'Ann', note: null }

export interface Printed {
  readonly end: CallEnd<unknown>
  readonly texts: readonly string[]
  readonly reasons: readonly string[]
}

let orders = 0
export const newId = (): string => `o-${(orders += 1)}`

/** Without an id, it is a new order. */
export async function print(
  tools: ProbeTools<PrintLabel>,
  printLabel: PrintLabel,
  label: Label,
  {
    id = newId(),
    printer = createLabelPrinter(),
    park = async () => undefined,
  }: {
    readonly id?: string
    readonly printer?: LabelPrinter
    readonly park?: () => Promise<void>
  } = {},
): Promise<Printed> {
  const texts: string[] = []
  const reasons: string[] = []
  const desk = {
    printer: {
      print: (text: string): LabelJob => {
        const job = printer.print(text)
        job.prependListener('printed', () => texts.push(text))
        return job
      },
    },
    park: async (_id: string, reason: string) => {
      await park()
      reasons.push(reason)
    },
  }
  const end = await tools.call(async () => await printLabel({ id, ...label }, desk), limitMs)
  // What is added after the end does not count.
  return { end, texts: [...texts], reasons: [...reasons] }
}

export function failingJob(error: Error): LabelJob {
  const job: LabelJob = new EventEmitter()
  setImmediate(() => job.emit('error', error))
  return job
}

export function judgeOrdinary(
  tools: ProbeTools<PrintLabel>,
  { end, texts }: Printed,
  { customer, note }: Label,
): Breach | undefined {
  const isPrinted = end.how === 'returned' && end.value === 'printed'
  const isComplete = texts.some((text) => text.includes(customer) && text.includes(note ?? ''))
  const isAlive = tools.crash() === undefined
  if (isPrinted && isComplete && isAlive) return undefined
  return {
    expected: `the label for ${inWords({ customer, note: note?.slice(0, 40) })} is printed`,
    actual:
      isPrinted && isAlive ? `the printer printed ${inWords(texts)}` : outcomeInWords(tools, end),
  }
}

export function judgePoison(
  tools: ProbeTools<PrintLabel>,
  { end, reasons }: Printed,
  what: string,
): Breach | undefined {
  const isParked = end.how === 'returned' && end.value === 'parked'
  const hasReason = reasons.some((reason) => typeof reason === 'string' && reason !== '')
  const isAlive = tools.crash() === undefined
  if (isParked && hasReason && isAlive) return undefined
  return {
    expected: `an order whose text ${what} is parked, with the reason`,
    actual: isParked && isAlive ? 'parked without a reason' : outcomeInWords(tools, end),
  }
}

/** How the call ended, or the process. */
export function outcomeInWords(tools: ProbeTools<PrintLabel>, end: CallEnd<unknown>): string {
  const crash = tools.crash()
  return crash === undefined ? endInWords(end) : `the process ended with ${inWords(crash)}`
}
