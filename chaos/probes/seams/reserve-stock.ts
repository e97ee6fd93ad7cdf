import type { ReserveStock } from '#services/api/seams.ts'

import { endInWords } from '../contract-probe.ts'
import type { Breach, ProbeTools, SeamContract } from '../contract-probe.ts'
import { aliasIn, createRecordedDatabase } from '../fakes/recorded-database.ts'
import type { Reply } from '../fakes/recorded-database.ts'

const promise =
  'Sold prints plus remaining prints equal the initial stock, and no customer is refused while a print is left.'

export const reserveStockContract: SeamContract<ReserveStock> = {
  lab: 'oversell',
  time: 'jumping',
  probes: [
    {
      name: 'sold out, and then a print comes back: it can be sold',
      promise,
      run: async (tools) => await sells(tools, { stock: 0, quantity: 1 }),
    },
    {
      name: 'three prints are refused where one is left: the one can be sold',
      promise,
      run: async (tools) => await sells(tools, { stock: 1, quantity: 3 }),
    },
  ],
}

/** First an order for more than there is. Then one print is there, and an order for one must get it. */
async function sells(
  tools: ProbeTools<ReserveStock>,
  first: { readonly stock: number; readonly quantity: number },
): Promise<Breach | undefined> {
  const reserveStock = await tools.load()
  let { stock } = first
  let quantity = first.quantity
  const { database, undecided } = createRecordedDatabase(tools, (sql) =>
    reply(sql, stock, quantity),
  )
  const buy = async (): Promise<boolean> =>
    await reserveStock(
      { sku: 'limited', quantity },
      database,
      async (_transaction, take) => await take(),
    )
  await tools.call(buy, 30_000)
  // The refused order took nothing. A declined payment brings a print back.
  stock = 1
  quantity = 1
  const end = await tools.call(buy, 30_000)
  const unknown = undecided()
  if (unknown !== undefined) throw unknown
  if (end.how === 'returned' && end.value) return undefined
  return { expected: 'one print is left: it is sold', actual: endInWords(end) }
}

/** A row of one product. Knows reads of its stock, and updates that take the quantity. */
function reply(sql: string, stock: number, quantity: number): Reply | undefined {
  if (/^SELECT\b.*\bFROM\s+products\b/is.test(sql)) {
    if (/\b(count|sum|max|min|case|coalesce)\b|>=|</i.test(sql)) return undefined
    return { rows: [{ [aliasIn(sql, 'stock')]: stock, stock }], rowCount: 1 }
  }
  if (!/^UPDATE\s+products\b/i.test(sql)) return undefined
  const isGuarded = /stock\s*(-\s*\$\d+\S*\s*)?>=?/i.test(sql) || /\$\d+\S*\s*<=\s*stock/i.test(sql)
  const left = stock - quantity
  if (isGuarded && left < 0) return { rows: [], rowCount: 0 }
  return { rows: [{ [aliasIn(sql, 'stock')]: left, stock: left }], rowCount: 1 }
}
