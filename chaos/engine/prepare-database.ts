import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import type { ShopSetup } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { withPostgres } from '#chaos/faults/lib/postgres.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { startMaxMs } from '#chaos/runtime/start-deadline.ts'

const run = promisify(execFile)
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
/** Exit status of the program for a wrong configuration (EX_CONFIG). */
const badConfiguration = 78

/**
 * Recreates the database as a scenario sets it up, with the system's own program. A system without one gets an empty
 * database. Throws {@link InputError} for a set-up that the program refuses.
 */
export async function prepareDatabase(
  { name, database }: System,
  databaseUrl: string,
  setup: ShopSetup,
  signal: AbortSignal,
): Promise<void> {
  if (database === undefined) return await emptyDatabase(databaseUrl, signal)
  try {
    await run(process.execPath, [database.program], {
      cwd: projectRoot,
      signal,
      timeout: startMaxMs,
      killSignal: 'SIGKILL',
      env: { DATABASE_URL: databaseUrl, ...database.environmentFor?.(setup) },
    })
  } catch (error) {
    signal.throwIfAborted()
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
    const words = stderr.trim() === '' ? String(error) : stderr.trim()
    if (code === badConfiguration)
      throw new InputError(`The ${name} cannot be set up as the scenario asks: ${words}`, {
        remedy: 'Fix shop.off or shop.stock in the scenario.',
      })
    throw new Error(`The database could not be prepared: ${words}`, { cause: error })
  }
}

async function emptyDatabase(databaseUrl: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await withPostgres(databaseUrl, async (client) => {
    await client.query('DROP SCHEMA public CASCADE')
    await client.query('CREATE SCHEMA public')
  })
}
