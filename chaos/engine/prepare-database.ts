import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import type { ShopSetup } from '#chaos/contracts/scenario.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { startMaxMs } from '#chaos/runtime/start-deadline.ts'

const run = promisify(execFile)
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const program = 'services/database/main.ts'
/** Exit status of the program for a wrong configuration (EX_CONFIG). */
const badConfiguration = 78

/**
 * Recreates the database with the shop's own program: schema, seed data, this stock, without the constraints that are off.
 * Throws {@link InputError} for a safety net or a product that the shop does not have.
 */
export async function prepareDatabase(
  databaseUrl: string,
  setup: Pick<ShopSetup, 'off' | 'stock'>,
  signal: AbortSignal,
): Promise<void> {
  const stock = Object.entries(setup.stock).map(([sku, amount]) => `${sku}=${amount}`)
  try {
    await run(process.execPath, [program], {
      cwd: projectRoot,
      signal,
      timeout: startMaxMs,
      killSignal: 'SIGKILL',
      env: { DATABASE_URL: databaseUrl, NETS_OFF: setup.off.join(','), STOCK: stock.join(',') },
    })
  } catch (error) {
    signal.throwIfAborted()
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
    const words = stderr.trim() === '' ? String(error) : stderr.trim()
    if (code === badConfiguration)
      throw new InputError(`The shop cannot be set up as the scenario asks: ${words}`, {
        remedy: 'Fix shop.off or shop.stock in the scenario.',
      })
    throw new Error(`The database could not be prepared: ${words}`, { cause: error })
  }
}
