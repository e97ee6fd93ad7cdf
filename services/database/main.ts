import { readEnvironment } from '#services/lib/config/environment.ts'
import { badConfigurationExitStatus } from '#services/lib/start/exit-status.ts'
import { StartError } from '#services/lib/start/start-error.ts'

import { prepareDatabase } from './prepare.ts'

/**
 * `DATABASE_URL=... [NETS_OFF=a,b] [STOCK=sku=5,sku=7] node services/database/main.ts` recreates
 * the database.
 */
try {
  const read = readEnvironment(process.env)
  await prepareDatabase(read.url('DATABASE_URL', ['postgres:', 'postgresql:']), {
    netsOff: read.list('NETS_OFF'),
    stock: Object.fromEntries(read.list('STOCK').map((entry) => parseStock(entry))),
  })
} catch (error) {
  process.stderr.write(`database: ${(error as Error).message}\n`)
  process.exitCode = error instanceof StartError ? badConfigurationExitStatus : 1
}

function parseStock(entry: string): [string, number] {
  const [sku = '', amount = ''] = entry.split('=')
  const stock = Number(amount)
  if (sku !== '' && amount !== '' && Number.isSafeInteger(stock) && stock >= 0) return [sku, stock]
  throw new StartError(`STOCK must be like tea=5,mug=7, got "${entry}".`)
}
