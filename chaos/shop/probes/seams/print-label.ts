import type { Breach } from '#chaos/contracts/probe-report.ts'
import { UnprintableError } from '#services/worker/orders/label-printer.ts'
import type { LabelPrinter } from '#services/worker/orders/label-printer.ts'
import type { PrintLabel } from '#services/worker/seams.ts'

import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import {
  ann,
  failingJob,
  judgeOrdinary,
  judgePoison,
  newId,
  outcomeInWords,
  print,
} from './print-label/print.ts'
import type { Label } from './print-label/print.ts'
import { respondsLate } from './print-label/responds-late.ts'

const goal =
  'An order that cannot be processed is set aside for an operator, and no other order is affected.'
const setAside =
  'Set aside means: it is `parked`, with the reason, and no customer is charged for it. It is not dropped, and it is not shipped without a label, or with a changed text.'
const printerSays = 'The printer says so: its error is an `UnprintableError`.'
const otherError =
  'Any other error is thrown, so that the queue tries again: a printer without paper is not a reason to park an order.'
const noWorkerEnds = 'No label ends a worker, and no label keeps a job waiting forever.'

const ordinary: readonly Label[] = [
  { customer: 'Ann Smith', note: null },
  { customer: 'Ann Smith', note: '' },
  { customer: 'J\u00f6rg', note: 'ring twice, 2nd floor: \u00c4\u00f6\u00fc\u00df' },
  { customer: 'Zoë Ångström', note: 'second floor, please\nand mind the dog' },
  { customer: '王小明', note: '生日快乐 🎂' },
  { customer: 'نورا', note: 'مرحبا' },
  { customer: "O'Brien & Sons <shipping>", note: '"Fragile" – 50 % off; #12\\3' },
  { customer: 'e\u0301 combining', note: 'x'.repeat(2_000) },
]

/** Every control character that the printer cannot print. */
const poison: readonly string[] = Array.from({ length: 0xa0 }, (_, code) => code)
  .filter((code) => (code < 0x20 || code >= 0x7f) && code !== 0x0a)
  .map((code) => String.fromCharCode(code))

export const printLabelContract: SeamContract<PrintLabel> = {
  lab: 'poison-message',
  time: 'jumping',
  probes: [
    {
      name: 'ordinary labels are printed, with their text',
      promise: goal,
      async run(tools) {
        const printLabel = await tools.load()
        for (const label of ordinary) {
          const breach = judgeOrdinary(tools, await print(tools, printLabel, label), label)
          if (breach !== undefined) return breach
        }
        return undefined
      },
    },
    {
      name: 'every control character is parked, with a reason',
      promise: setAside,
      async run(tools) {
        const printLabel = await tools.load()
        for (const character of poison) {
          const labels = [
            { customer: 'Ann', note: `Please ring ${character} twice` },
            { customer: 'Ann', note: character },
            { customer: `Ann${character}`, note: null },
          ]
          for (const label of labels) {
            const breach = judgePoison(
              tools,
              await print(tools, printLabel, label),
              `has character ${character.charCodeAt(0)}`,
            )
            if (breach !== undefined) return breach
          }
        }
        return undefined
      },
    },
    {
      name: 'an order beside unprintable ones is printed',
      promise: goal,
      async run(tools) {
        const printLabel = await tools.load()
        const labels = ordinary.flatMap((label) => [
          { customer: 'Ann', note: 'ring \u0007 twice' },
          label,
        ])
        const prints = await Promise.all(
          labels.map(async (label) => await print(tools, printLabel, label)),
        )
        for (const [index, label] of labels.entries()) {
          const printed = prints[index]
          if (printed === undefined || label.note?.includes('\u0007') === true) continue
          const breach = judgeOrdinary(tools, printed, label)
          if (breach !== undefined) return breach
        }
        return undefined
      },
    },
    ...['The label is too long.', 'ink', 'no paper for this font'].map((message) => ({
      name: `parked, because the printer says that it is unprintable: “${message}”`,
      promise: printerSays,
      run: async (tools: ProbeTools<PrintLabel>) => {
        const printer: LabelPrinter = { print: () => failingJob(new UnprintableError(message)) }
        const printLabel = await tools.load()
        const printed = await print(tools, printLabel, ann, { printer })
        return judgePoison(tools, printed, `makes the printer report “${message}”`)
      },
    })),
    {
      name: 'any other error of the printer is thrown, and the next attempt prints the label',
      promise: otherError,
      run: async (tools) => await otherErrors(tools),
    },
    {
      name: 'the printer responds late: no worker ends, and no job waits forever',
      promise: noWorkerEnds,
      run: async (tools) => await respondsLate(tools),
    },
    {
      name: 'an order is reported as parked only when it is parked',
      promise: setAside,
      run: async (tools) => await parkingFails(tools),
    },
  ],
}

const otherMessages = [
  'The printer has no paper.',
  'The printer cannot print character 7 of the font: no ink.',
  'unprintable for the moment: the cover is open',
]

/** The same worker process sees every error, one after the other, and an ordinary label after each. */
async function otherErrors(tools: ProbeTools<PrintLabel>): Promise<Breach | undefined> {
  const printLabel = await tools.load()
  for (const message of otherMessages) {
    const printer: LabelPrinter = { print: () => failingJob(new Error(message)) }
    const id = newId()
    const { end, reasons } = await print(tools, printLabel, ann, { id, printer })
    if (tools.crash() !== undefined || end.how !== 'threw' || reasons.length > 0)
      return {
        expected: `after the error “${message}” the order is not parked, and the error is thrown`,
        actual: outcomeInWords(tools, end),
      }
    const breach = judgeOrdinary(tools, await print(tools, printLabel, ann, { id }), ann)
    if (breach !== undefined) return breach
  }
  return undefined
}

/** The database fails once, and is slow the second time. */
async function parkingFails(tools: ProbeTools<PrintLabel>): Promise<Breach | undefined> {
  const printLabel = await tools.load()
  const poisoned = { customer: 'Ann', note: 'ring \u0007 twice' }
  const fails = async (): Promise<void> => {
    await tools.sleep(50)
    throw new Error('Connection terminated unexpectedly')
  }
  const id = newId()
  const failed = await print(tools, printLabel, poisoned, { id, park: fails })
  await tools.pass(1_000)
  if (tools.crash() !== undefined || failed.end.how !== 'threw')
    return {
      expected: 'the order cannot be parked: the error is thrown',
      actual: outcomeInWords(tools, failed.end),
    }
  const slow = await print(tools, printLabel, poisoned, {
    id,
    park: async () => await tools.sleep(800),
  })
  return judgePoison(tools, slow, 'has character 7, when parking takes 800 ms')
}
