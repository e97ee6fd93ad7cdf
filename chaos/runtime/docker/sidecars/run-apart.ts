import type { ApartProgram } from '#chaos/contracts/runtime.ts'

import type { Project } from '../project.ts'
import { runSidecar } from './sidecar.ts'

/** Longer than all contract probes of a lab. */
const limitMs = 60_000
const memoryBytes = 384 * 1024 * 1024

/**
 * Runs a program in a container of its own: without network, without capabilities, as the user of the services. It has the
 * image's files and the given ones, and neither the engine's socket nor the controller's token.
 */
export async function runApart(
  project: Project,
  { command, files, signal }: ApartProgram,
): Promise<string> {
  return await runSidecar(project, {
    kind: 'apart',
    instance: 'code',
    command,
    user: 'node',
    files,
    host: { Memory: memoryBytes, PidsLimit: 256, SecurityOpt: ['no-new-privileges'] },
    signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
  })
}
