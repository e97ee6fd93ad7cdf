import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { System } from '#chaos/contracts/system.ts'
import type { ClientStart } from '#chaos/contracts/system/flow.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { flowOfFile } from './flow-of-file.ts'
import type { FlowFile } from './flow-schema.ts'
import { parseFlowFile } from './parse-flow-file.ts'

/** A flow file as its user wrote it. */
export interface FlowText {
  readonly path: string
  readonly text: string
}

/** A flow of a user, before it is known in which system it runs. */
export interface LoadedFlow extends FlowText {
  /** `checkout`; `retry-checkout` when the client sends each request twice. */
  readonly name: string
  readonly file: FlowFile
  readonly retry: boolean
  readonly call?: ClientStart['call']
}

/** Whether a word on the command line is a file with a flow, and not the name of one. */
export const flowPath = /\.(ya?ml|m?[jt]s)$/

const moduleFile = /\.m?[jt]s$/

/** Reads a flow file, or a module with one function. Throws {@link InputError}. */
export async function loadFlow(path: string, retry: boolean): Promise<LoadedFlow> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new InputError(`${path} cannot be read: ${messageOf(error)}.`, {
      remedy: 'Give the path of a flow file, for example checkout.flow.yaml.',
    })
  })
  return await readFlow({ path, text }, retry)
}

/** The flow in a text that was read earlier. A module is loaded from its path. Throws {@link InputError}. */
export async function readFlow({ path, text }: FlowText, retry: boolean): Promise<LoadedFlow> {
  const name = flowNameOf(path, retry)
  if (!moduleFile.test(path)) return { path, text, name, retry, file: parseFlowFile(text, path) }
  const module = (await import(pathToFileURL(resolve(path)).href).catch((error: unknown) => {
    throw new InputError(`${path} cannot be loaded: ${messageOf(error)}.`, {
      remedy:
        'The module must export one function: export default async ({ id, url, signal }) => ...',
    })
  })) as { readonly default?: unknown; readonly settings?: object }
  const call = module.default
  if (typeof call !== 'function')
    throw new InputError(`${path} has no function: its default export is ${typeof call}.`, {
      remedy: 'Write: export default async ({ id, url, signal }) => fetch(...)',
    })
  // The function sends what it likes; the settings have the form of a flow file.
  const settings = JSON.stringify({
    requests: [{ send: 'POST /', body: '{{id}}' }],
    description: `The function in ${basename(path)}.`,
    ...module.settings,
  })
  const file = parseFlowFile(settings, path)
  return { path, text, name, retry, file, call: call as NonNullable<ClientStart['call']> }
}

/** In front of the name of a flow whose client sends each request twice. */
const retryMark = 'retry-'

/** `checkout` for `checkout.flow.yaml`. Folders of X-rays have this name too. */
function flowNameOf(path: string, retry: boolean): string {
  const stem = basename(path).replace(/(\.flow)?\.[a-z]+$/, '')
  if (!/^[\w-]{1,60}$/.test(stem))
    throw new InputError(`"${stem}" of ${path} is not a valid name of a flow.`, {
      remedy:
        'Use at most 60 letters, digits, "-" and "_" before the ending, for example checkout.flow.yaml.',
    })
  // Two different flows with one name could not be told apart in a list or in a replay.
  if (stem.startsWith(retryMark))
    throw new InputError(
      `"${stem}" of ${path} begins with "${retryMark}": that is the name of a flow whose client sends each request twice.`,
      {
        remedy: `Rename the file, for example ${basename(path).slice(retryMark.length)}. To send each request twice, use --retry.`,
      },
    )
  return retry ? `${retryMark}${stem}` : stem
}

/** The system with the flow as its first. */
export function systemWithFlow(system: System, flow: LoadedFlow): System {
  const { file, call, retry } = flow
  const own = flowOfFile(file, {
    topology: system.topology,
    ...(retry ? { attempts: 2 } : {}),
    ...(call === undefined ? {} : { call }),
  })
  // The system may have a flow with the same name: the user's own replaces it.
  const others = Object.entries(system.flows).filter(([name]) => name !== flow.name)
  return { ...system, flows: { [flow.name]: own, ...Object.fromEntries(others) } }
}
