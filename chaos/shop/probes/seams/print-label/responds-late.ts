import { EventEmitter } from 'node:events'

import type { Breach } from '#chaos/contracts/probe-report.ts'
import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { LabelJob, LabelPrinter } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

import type { ProbeTools } from '../../contract-probe.ts'
import { ann, outcomeInWords, print } from './print.ts'

/** When the printer responds: before and after every limit that a worker may have. */
const delaysMs = [0, 10, 900, 1_500, 2_500, 4_000, 6_000, 12_000, 25_000, 45_000]
const responses: readonly (readonly [what: string, respond: (job: LabelJob) => void])[] = [
  ['printed', (job) => job.emit('printed')],
  ['UnprintableError', (job) => job.emit('error', new UnprintableError('The label is too long.'))],
  ['no paper', (job) => job.emit('error', new Error('The printer has no paper.'))],
]

/** The job may end with an error before the printer responds. The response must not end the process. */
export async function respondsLate(tools: ProbeTools<PrintLabel>): Promise<Breach | undefined> {
  for (const delayMs of delaysMs)
    for (const [what, respond] of responses) {
      const printLabel = await tools.load()
      const printer: LabelPrinter = {
        print: () => {
          const job: LabelJob = new EventEmitter()
          void tools.sleep(delayMs).then(() => setImmediate(() => respond(job)))
          return job
        },
      }
      const { end } = await print(tools, printLabel, ann, { printer })
      await tools.pass(2 * delayMs + 1_000)
      if (tools.crash() === undefined && end.how !== 'never') continue
      return {
        expected: `the job ends, and the worker lives: the printer responds after ${delayMs / 1_000} s (${what})`,
        actual: outcomeInWords(tools, end),
      }
    }
  return undefined
}
