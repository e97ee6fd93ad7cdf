import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { controllerPortOffset, localPort } from '#chaos/contracts/ports.ts'

import { acceptsConnections } from '../../accepts-connections.ts'

/** Far from the slots that users choose, so a test never meets their sandbox. */
const first = 80
const last = 98

export interface TakenSlot extends Disposable {
  readonly slot: number
}

/** A slot that no other test on this machine has and whose controller port is free. */
export async function takeSlot(): Promise<TakenSlot> {
  for (let slot = first; slot <= last; slot++) {
    const folder = join(tmpdir(), `unhappy-docker-slot-${slot}`)
    if (!claim(folder)) continue
    const release = (): void => rmSync(folder, { recursive: true, force: true })
    if (!(await acceptsConnections(localPort(slot, controllerPortOffset))))
      return { slot, [Symbol.dispose]: release }
    release()
  }
  throw new Error(`All slots from ${first} to ${last} are taken.`)
}

/** mkdir is atomic: of two processes, one fails. */
function claim(folder: string): boolean {
  const owner = join(folder, 'pid')
  try {
    mkdirSync(folder)
  } catch {
    if (isAlive(owner)) return false
    rmSync(folder, { recursive: true, force: true })
    return claim(folder)
  }
  writeFileSync(owner, String(process.pid))
  return true
}

function isAlive(ownerFile: string): boolean {
  try {
    process.kill(Number(readFileSync(ownerFile, 'utf8')), 0)
    return true
  } catch (error) {
    // Without the file, the owner is about to write it.
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'EPERM'
  }
}
