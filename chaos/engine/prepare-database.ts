import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import type { ShopSetup } from '#chaos/contracts/scenario.ts'
import { InputError } from '#chaos/lib/errors.ts'

const run = promisify(execFile)
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const program = 'services/database/main.ts'
const limitMs = 30_000
/** Exit status by which the program says that what it was given is wrong (EX_CONFIG). */
const badConfiguration = 78

/**
 * Lets the shop's own program make the database new: schema, seed, without the constraints that are off, with this stock.
 * Throws {@link InputError} for a net or product that the shop does not have.
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
      timeout: limitMs,
      killSignal: 'SIGKILL',
      env: { DATABASE_URL: databaseUrl, NETS_OFF: setup.off.join(','), STOCK: stock.join(',') },
    })
  } catch (error) {
    signal.throwIfAborted()
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
    const words = stderr.trim() === '' ? String(error) : stderr.trim()
    if (code === badConfiguration)
      throw new InputError(`The shop cannot be set up like this. ${words}`, {
        remedy: 'Mend the scenario: shop.off or shop.stock.',
      })
    throw new Error(`The database could not be prepared: ${words}`, { cause: error })
  }
}
