import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { FlowFileView } from '#chaos/contracts/api.ts'
import { InputError, messageOf, unknownName } from '#chaos/lib/errors.ts'

import { type FlowText, readFlow } from './load-flow.ts'

const listedMax = 50

/** Whether a name is that of a flow file: `checkout.flow.yaml`. A module is not one: to list it would run it. */
export function isFlowFile(name: string): boolean {
  return /^[^/\\]+\.flow\.ya?ml$/.test(name)
}

/** The flow files in a folder, by name, each with its first error. */
export async function listFlowFiles(folder: string): Promise<readonly FlowFileView[]> {
  const names = await namesIn(folder)
  return await Promise.all(
    names.slice(0, listedMax).map(async (name) => await viewOf(folder, name)),
  )
}

/** The flow file of a folder with this name. Throws {@link InputError} with the nearest name. */
export async function flowFileIn(folder: string, name: string): Promise<FlowText> {
  const names = await namesIn(folder)
  if (!names.includes(name)) throw unknownName('flow file', name, names)
  return await textOf(folder, name)
}

async function viewOf(folder: string, name: string): Promise<FlowFileView> {
  try {
    const { text } = await textOf(folder, name)
    // The page shows the name of the file and not its path.
    const { file } = await readFlow({ path: name, text }, false)
    return { name, description: file.description ?? file.requests[0]?.send ?? '', error: null }
  } catch (error) {
    const remedy = error instanceof InputError ? error.remedy : undefined
    return { name, description: '', error: [messageOf(error), remedy ?? ''].join(' ').trim() }
  }
}

async function textOf(folder: string, name: string): Promise<FlowText> {
  const path = join(folder, name)
  return { path, text: await readFile(path, 'utf8') }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && isFlowFile(entry.name))
    .map(({ name }) => name)
    .toSorted()
}
