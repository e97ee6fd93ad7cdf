import { EventEmitter } from 'node:events'

import { expect, test, vi } from 'vitest'

import { createLabelPrinter } from '../orders/label-printer.ts'
import type { LabelJob } from '../orders/label-printer.ts'
import { printLabel } from './print-label.ts'

const printer = createLabelPrinter()
const print = async (note: string | null) => {
  const park = vi.fn<(orderId: string, reason: string) => Promise<void>>(async () => {})
  const outcome = await printLabel({ id: 'o-1', customer: 'Zoë', note }, { printer, park })
  return { outcome, park }
}

test('prints names and notes in any language', async () => {
  expect((await print(null)).outcome).toBe('printed')
  expect((await print('生日快乐 🎂\nfrom us')).outcome).toBe('printed')
})

test('parks an order whose label the printer refuses, with the reason', async () => {
  const { outcome, park } = await print('\u001b[2J')
  expect(outcome).toBe('parked')
  expect(park).toHaveBeenCalledWith('o-1', 'label: The printer cannot print character 27.')
})

test('a silent printer is an error after a while, and its late error ends no process', async () => {
  using _timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort())
  const job: LabelJob = new EventEmitter()
  const park = vi.fn<(orderId: string, reason: string) => Promise<void>>(async () => {})
  const label = { id: 'o-1', customer: 'Zoë', note: null }
  await expect(printLabel(label, { printer: { print: () => job }, park })).rejects.toThrow('abort')
  expect(() => job.emit('error', new Error('no paper'))).not.toThrow()
  expect(park).not.toHaveBeenCalled()
})

test('throws any other error of the printer so the job is retried, and parks nothing', async () => {
  const noPaper = new Error('no paper')
  const empty = {
    print: () => {
      const job: LabelJob = new EventEmitter()
      setImmediate(() => job.emit('error', noPaper))
      return job
    },
  }
  const park = vi.fn<(orderId: string, reason: string) => Promise<void>>(async () => {})
  const label = printLabel({ id: 'o-1', customer: 'Zoë', note: null }, { printer: empty, park })
  await expect(label).rejects.toBe(noPaper)
  expect(park).not.toHaveBeenCalled()
})
