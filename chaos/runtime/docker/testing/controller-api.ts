import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { FaultBody, SandboxFile, SandboxView } from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

import type { ComposeSandbox } from './compose-sandbox.ts'

/** The controller of a sandbox in Docker, over its published port. */
export interface ControllerApi {
  view(): Promise<SandboxView>
  inject(request: FaultBody): Promise<ActiveFault>
  heal(): Promise<void>
}

/** Finds the controller as the CLI does: through the sandbox file on the host. */
export async function controllerApi(sandbox: ComposeSandbox): Promise<ControllerApi> {
  const file = await sandboxFileOf(sandbox)
  const call = async (method: string, where: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(where, file.url), {
      method,
      headers: {
        authorization: `Bearer ${file.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    view: async () => (await call('GET', '/api/sandbox')) as SandboxView,
    inject: async (request) => (await call('POST', '/api/faults', request)) as ActiveFault,
    heal: async () => void (await call('DELETE', '/api/faults')),
  }
}

/** The sandbox file that the controller wrote on the host. */
export async function sandboxFileOf({ folder, slot }: ComposeSandbox): Promise<SandboxFile> {
  const path = join(folder, '.unhappy', `compose-${200 + slot}`, 'sandboxes', `${slot}.json`)
  return JSON.parse(await readFile(path, 'utf8')) as SandboxFile
}
