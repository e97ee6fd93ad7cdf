import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import { writeSandboxFile } from '#chaos/home/sandbox-file.ts'

import { createApp } from '../http/app.ts'
import { localHosts } from '../http/guard-requests.ts'
import { createFakeController } from './fake-controller.ts'
import type { FakeController } from './fake-controller.ts'

export interface ServedController extends AsyncDisposable {
  readonly controller: FakeController
  readonly file: SandboxFile
  /** Where the sandbox file is. */
  readonly sandboxes: string
}

/** The real API on a port, with a controller of plain objects, and its sandbox file in the home folder. */
export async function serveFakeController(home: string, token: string): Promise<ServedController> {
  const controller = createFakeController()
  const options = { controller, token, hosts: localHosts, version: '1' }
  const app = await createApp({ ...options, dashboardFolder: '/nowhere' })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const sandboxes = join(home, '.unhappy', 'sandboxes')
  await mkdir(sandboxes, { recursive: true })
  const { slot, startedAt } = await controller.sandbox.view()
  const file: SandboxFile = {
    slot,
    pid: process.pid,
    url,
    token,
    runtime: 'local',
    startedAt,
    ephemeral: false,
  }
  await writeSandboxFile(sandboxes, file)
  return { controller, file, sandboxes, [Symbol.asyncDispose]: async () => app.close() }
}
