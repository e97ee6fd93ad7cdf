import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test as base } from 'vitest'

import type { SeamReport } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { parseScenario } from '../scenario/parse-scenario.ts'
import { createFakeSandbox } from '../testing/fake-sandbox.ts'
import { deployFrozenCode, readFrozenCode } from './frozen-code.ts'
import type { RunRequest } from './run-request.ts'

const text = 'export const readOrderMessage = () => {}\n'
const test = base
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'frozen-'))
    onCleanup(async () => rm(folder, { recursive: true }))
    return folder
  })
  .extend('report', (): SeamReport => ({
    seam: 'read-order-message',
    source: 'exercise',
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  .extend('url', async ({ report }, { onCleanup }) => {
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ seams: [report] }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onCleanup(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

test('the seams of the frozen code are the TypeScript files of its folder', async ({ folder }) => {
  await writeFile(join(folder, 'write-order-message.ts'), '')
  await writeFile(join(folder, 'read-order-message.ts'), '')
  await writeFile(join(folder, 'notes.md'), '')
  const seams = ['read-order-message', 'write-order-message']
  expect(await readFrozenCode(folder)).toEqual({ folder, seams })
})

test('a scenario without frozen code has no seams to read', async () => {
  expect(await readFrozenCode(undefined)).toBeUndefined()
})

test('a folder without seam files and a missing folder are input errors', async ({ folder }) => {
  await expect(readFrozenCode(folder)).rejects.toThrow(InputError)
  await expect(readFrozenCode(join(folder, 'nowhere'))).rejects.toThrow(InputError)
})

test('API and worker restart with the frozen code; payments does not restart', async ({
  folder,
  url,
}) => {
  await writeFile(join(folder, 'read-order-message.ts'), text)
  const { sandbox, runtime } = await createFakeSandbox({ addresses: { http: () => url } })
  const frozen = { folder, seams: ['read-order-message'] }
  await deployFrozenCode(sandbox, runRequest())
  expect(runtime.environments.get('worker-1')).toBeUndefined()
  sandbox.code.set({ frozen })
  await deployFrozenCode(sandbox, runRequest())
  const environment = { EXERCISE_DIR: folder, EXPECTED_SEAMS: 'read-order-message', MODE: 'a' }
  expect(runtime.environments.get('worker-1')).toEqual(environment)
  expect(runtime.environments.get('api-2')).toMatchObject({ EXERCISE_DIR: folder })
  expect(runtime.environments.get('payments')).toBeUndefined()
  await sandbox[Symbol.asyncDispose]()
})

test('the run fails if an instance runs another version than the frozen code', async ({
  folder,
  url,
}) => {
  await writeFile(join(folder, 'read-order-message.ts'), `${text}// changed\n`)
  const { sandbox } = await createFakeSandbox({ addresses: { http: () => url } })
  sandbox.code.set({ frozen: { folder, seams: ['read-order-message'] } })
  await expect(deployFrozenCode(sandbox, runRequest())).rejects.toThrow(InputError)
  await sandbox[Symbol.asyncDispose]()
})

function runRequest(): RunRequest {
  const scenario = parseScenario(
    'title: t\nworkload: { browse: 1/s, duration: 1s }\nshop: { environment: { worker: { MODE: a } } }\nexpect: [no-lost-orders]\n',
    { file: 'scenario.yaml', system },
  )
  return { id: 'r1', scenario, seed: 1, folder: '', signal: new AbortController().signal }
}
