import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import type { SeamReport } from '#chaos/contracts/runtime.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { checkRunningSeams } from './check-running-seams.ts'

const text = 'export const placeOrder = () => {}\n'
const sha256 = createHash('sha256').update(text).digest('hex')
const mine: SeamReport = { seam: 'place-order', source: 'exercise', sha256 }
const shops: SeamReport = { seam: 'charge-order', source: 'shop', sha256: 'f'.repeat(64) }

let reports: readonly SeamReport[] = []
let folder = ''
const server = createServer((_request, response) => {
  response.end(JSON.stringify({ seams: reports }))
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seams-'))
  await writeFile(join(folder, 'place-order.ts'), text)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  reports = [mine, shops]
})

function check(seams: readonly string[] | undefined): Promise<void> {
  const { port } = server.address() as AddressInfo
  const runtime = createFakeRuntime({ addresses: { http: () => `http://127.0.0.1:${port}` } })
  const exercise = seams === undefined ? undefined : { folder, seams }
  return checkRunningSeams({ system, runtime }, exercise, new AbortController().signal)
}

test('the check passes if every instance runs the judged code', async () => {
  await expect(check(['place-order'])).resolves.toBeUndefined()
})

test("without judged code every instance must run the shop's own code", async () => {
  await expect(check(undefined)).rejects.toThrow(
    new RegExp(`api-1 .*${sha256.slice(0, 8)} .*place-order`),
  )
  reports = [shops]
  await expect(check(undefined)).resolves.toBeUndefined()
})

test('another version than the one in the folder is an input error', async () => {
  reports = [{ ...mine, sha256: 'a'.repeat(64) }]
  await expect(check(['place-order'])).rejects.toThrow(InputError)
  reports = [{ ...mine, source: 'shop' }]
  await expect(check(['place-order'])).rejects.toThrow(
    new RegExp(`api-1 .*shop's own .*${sha256.slice(0, 8)}`),
  )
})

test('the error names a seam that no instance has', async () => {
  reports = [shops]
  await expect(check(['place-order'])).rejects.toThrow(/"place-order"/)
})

test('the error names a missing seam file', async () => {
  await expect(check(['charge-order'])).rejects.toThrow(/charge-order .*ENOENT/)
})

test('judged code that ended its instance is the error, with the exit status', async () => {
  const runtime = createFakeRuntime({ addresses: { http: () => 'http://127.0.0.1:1' } })
  runtime.status = async () => [
    {
      name: 'api-1',
      kind: 'service',
      state: 'exited',
      restarts: 0,
      lastExit: { code: 9, signal: null },
    },
  ]
  const checking = checkRunningSeams(
    { system, runtime },
    { folder, seams: ['place-order'] },
    new AbortController().signal,
  )
  await expect(checking).rejects.toThrow(InputError)
  await expect(checking).rejects.toThrow(/api-1 .*ended by itself \(exit status 9\)/)
})
