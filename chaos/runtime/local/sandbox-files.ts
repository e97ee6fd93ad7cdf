import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import { formatSpace, ownProcessSpace, parseSpace, relationTo } from '#chaos/lib/process-space.ts'

/** Like {@link removeSandboxFiles}. They stay if another controller has written the file since. */
export async function removeOwnSandboxFiles(file: string, controllerPid: number): Promise<void> {
  const content = readSandboxFile(file)
  if (content === undefined || isOf(content, controllerPid)) await removeSandboxFiles(file)
}

/** Removes the file of a sandbox, and the page of `unhappy open` beside it. */
export async function removeSandboxFiles(file: string): Promise<void> {
  await rm(file, { force: true })
  await rm(file.replace(/\.json$/, '.html'), { force: true })
}

/** Undefined: it does not exist, or is being written at this moment. */
export function readSandboxFile(file: string): SandboxFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SandboxFile
  } catch {
    return undefined
  }
}

/** Whether the pid in the file can be looked up here. `gone`: the machine has started again since. */
export function placeOf({
  processSpace,
}: Pick<SandboxFile, 'processSpace'>): 'here' | 'gone' | 'elsewhere' {
  const space = processSpace === undefined ? undefined : parseSpace(processSpace)
  // A file of an earlier version.
  if (space === undefined) return 'here'
  const relation = relationTo(space)
  if (relation === 'same') return 'here'
  return relation === 'earlier-boot' ? 'gone' : 'elsewhere'
}

function isOf({ pid, processSpace }: SandboxFile, controllerPid: number): boolean {
  const own = formatSpace(ownProcessSpace())
  return pid === controllerPid && (processSpace ?? own) === own
}
