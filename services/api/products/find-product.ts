import type { Queryable } from '#services/lib/database.ts'
import { Refusal } from '#services/lib/refusal.ts'

import type { Product } from './product.ts'

const columns = 'sku, name, price_cents AS "priceCents", stock'

export async function loadProduct(database: Queryable, sku: string): Promise<Product | undefined> {
  const { rows } = await database.query<Product>(`SELECT ${columns} FROM products WHERE sku = $1`, [
    sku,
  ])
  return rows[0]
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
