import { createParser } from '#services/lib/parsing/parser.ts'

export interface Product {
  readonly sku: string
  readonly name: string
  readonly priceCents: number
  readonly stock: number
}

const parseProduct = createParser<Product>({
  type: 'object',
  required: ['sku', 'name', 'priceCents', 'stock'],
  properties: {
    sku: { type: 'string' },
    name: { type: 'string' },
    priceCents: { type: 'integer', minimum: 1 },
    // Without the safety net it can be negative.
    stock: { type: 'integer' },
  },
})

/** Undefined for whatever is not this product, such as another product. */
export function parseProductOf(sku: string, value: unknown): Product | undefined {
  const product = parseProduct(value)
  if (product?.sku !== sku) return undefined
  const { name, priceCents, stock } = product
  return { sku, name, priceCents, stock }
}
