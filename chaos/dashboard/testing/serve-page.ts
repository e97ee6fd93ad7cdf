import { join } from 'node:path'

import { createApp } from '#chaos/api/http/app.ts'
import { localHosts } from '#chaos/api/http/guard-requests.ts'
import { createSessions } from '#chaos/api/http/sessions.ts'
import { createFakeController } from '#chaos/api/testing/fake-controller.ts'
import type { FakeController } from '#chaos/api/testing/fake-controller.ts'
import { projectRoot } from '#chaos/home/home.ts'

export interface ServedPage extends AsyncDisposable {
  readonly controller: FakeController
  readonly url: string
  /** Gives a request every right. */
  readonly token: string
  /** An address that opens the page once. */
  secretUrl(): string
}

/** The built page and the real API, with a controller of plain objects: no sandbox is started. */
export async function servePage(change: Partial<FakeController> = {}): Promise<ServedPage> {
  const controller = { ...createFakeController(), ...change }
  const token = 't'
  const sessions = createSessions({ now: () => 0 })
  const app = await createApp({
    controller,
    token,
    sessions,
    hosts: localHosts,
    version: '1',
    dashboardFolder: join(projectRoot, 'chaos', 'dashboard', 'dist'),
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    controller,
    url,
    token,
    secretUrl: () => `${url}/?secret=${sessions.issueSecret()}`,
    [Symbol.asyncDispose]: async () => app.close(),
  }
}
