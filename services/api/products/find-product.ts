import type { Queryable } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

import { parseProductOf } from './product.ts'
import type { Product } from './product.ts'

const columns = 'sku, name, price_cents AS "priceCents", stock'

export async function loadProduct(database: Queryable, sku: string): Promise<Product | undefined> {
  const { rows } = await database.query(`SELECT ${columns} FROM products WHERE sku = $1`, [sku])
  if (rows.length === 0) return undefined
  const product = parseProductOf(sku, rows[0])
  if (product === undefined) throw new Error(`The row of product ${sku} is not this product.`)
  return product
}

export async function loadProducts(database: Queryable): Promise<readonly Product[]> {
  const { rows } = await database.query<Product>(`SELECT ${columns} FROM products ORDER BY sku`)
  return rows
}

/** Throws a {@link Refusal} if the product does not exist. */
export async function findProduct(database: Queryable, sku: string): Promise<Product> {
  return (await loadProduct(database, sku)) ?? unknownProduct(sku)
}

export function unknownProduct(sku: string): never {
  throw new Refusal('unknown-sku', `There is no product ${sku}.`, { status: 404, definite: true })
}
