import { expect, test, vi } from 'vitest'

import type { ProbeReport } from '#chaos/contracts/probe-report.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { contractOfRun } from './contract-of-run.ts'
import type { ProbeContracts } from './contract-of-run.ts'

const exercise = { folder: '/judged', seams: ['read-product'] }
const { signal } = new AbortController()
const report: ProbeReport = {
  seam: 'read-product',
  lab: 'lab-zero',
  name: 'a',
  promise: 'b',
  outcome: 'held',
}
const probing = (reports: readonly ProbeReport[]) =>
  vi.fn<ProbeContracts>().mockResolvedValue(reports)

test('the run of a lab probes the copied code', async () => {
  const probe = probing([report])
  const { probeContract } = contractOfRun(labZero, exercise, probe)
  expect(await probeContract?.(signal)).toMatchObject({ name: 'contract', outcome: 'held' })
  expect(probe).toHaveBeenCalledWith({ ...exercise, signal })
})

test('promises of another lab are not judged, and a scenario has none', async () => {
  const other = contractOfRun(labZero, exercise, probing([{ ...report, lab: 'overload' }]))
  expect(await other.probeContract?.(signal)).toBeUndefined()
  expect(contractOfRun(undefined, exercise, probing([report]))).toEqual({})
})

test('probes that fail say so, and probes that are aborted reject', async () => {
  const probe = vi.fn<ProbeContracts>().mockRejectedValue(new Error('The engine does not answer.'))
  const { probeContract } = contractOfRun(labZero, exercise, probe)
  expect(await probeContract?.(signal)).toMatchObject({
    outcome: 'inconclusive',
    summary: expect.stringContaining('The engine does not answer.') as string,
  })
  const reason = new Error('aborted')
  await expect(probeContract?.(AbortSignal.abort(reason))).rejects.toBe(reason)
})
