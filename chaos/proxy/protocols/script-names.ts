import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'

/** The usual names of scripts that have another name in the package. */
const called: Readonly<Record<string, string>> = { addStandardJob: 'addJob' }

let names: Map<string, string> | undefined
const hashes = new Map<string, string>()
const hashesMax = 500

/**
 * The name of a Lua script, the same for EVAL and EVALSHA: `bullmq addJob` for the scripts of the installed BullMQ, else
 * `script 5ab43210` with the beginning of its SHA-1.
 */
export function nameOfScript(sha1: string): string {
  names ??= bullmqNames()
  const key = sha1.toLowerCase()
  return names.get(key) ?? `script ${key.slice(0, 8)}`
}

/** SHA-1 of a script's text, as Redis computes it. */
export function hashOfScript(text: string): string {
  const known = hashes.get(text)
  if (known !== undefined) return known
  const hash = sha1(text)
  if (hashes.size >= hashesMax) hashes.clear()
  hashes.set(text, hash)
  return hash
}

/** Names of BullMQ's scripts by the SHA-1 of their text; empty when BullMQ is not installed. */
function bullmqNames(): Map<string, string> {
  const found = new Map<string, string>()
  let scripts: Record<string, { name?: unknown; content?: unknown }>
  try {
    scripts = createRequire(import.meta.url)('bullmq/dist/cjs/scripts/index.js') as typeof scripts
  } catch {
    return found
  }
  for (const { name, content } of Object.values(scripts))
    if (typeof name === 'string' && typeof content === 'string')
      found.set(sha1(content), `bullmq ${called[name] ?? name}`)
  return found
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
