import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Product } from '#services/api/products/product.ts'
import type { ProductShelf, ReadProduct } from '#services/api/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { CallEnd, ProbeTools, SeamContract } from '../contract-probe.ts'
import { readProductOutages } from './read-product-outages.ts'

const goal =
  'Customers can look at products while Redis is down: a cache makes reads faster, and reads must work without it.'
const loadMs = 5
/** An attempt at a store that is down fails quickly. A few attempts never take longer than this. */
const limitMs = 10_000

const products: readonly Product[] = [
  { sku: 'tea', name: 'Tea', priceCents: 450, stock: 1_000 },
  { sku: 'mug', name: 'Mug', priceCents: 1_200, stock: 3 },
  { sku: 'limited', name: 'Signed print', priceCents: 15_000, stock: 0 },
]

export const readProductContract: SeamContract<ReadProduct> = {
  lab: 'lab-zero',
  time: 'jumping',
  probes: [
    ...[false, true].map((fresh) => ({
      name: `Redis is down: the product comes from Postgres${fresh ? ' (without the cache)' : ''}`,
      promise: goal,
      run: async (tools: ProbeTools<ReadProduct>) => await readAll(tools, down(), fresh),
    })),
    {
      name: 'Redis is down: many customers at once receive their own product',
      promise: goal,
      async run(tools) {
        const read = (await tools.load())(shelf(tools, down()))
        const skus = Array.from({ length: 60 }, (_, i) => products[i % products.length]?.sku ?? '')
        const all = async (): Promise<readonly (Product | undefined)[]> =>
          await Promise.all(skus.map(async (sku) => await read(sku, { fresh: false })))
        const end = await tools.call(all, limitMs)
        if (tools.crash() !== undefined) return crashed(tools)
        if (end.how !== 'returned') return { expected: '60 products', actual: endInWords(end) }
        const wrong = end.value.findIndex(
          (product, i) => !isSame(product, productOf(skus[i] ?? '')),
        )
        if (wrong === -1) return undefined
        return {
          expected: inWords(productOf(skus[wrong] ?? '')),
          actual: inWords(end.value[wrong]),
        }
      },
    },
    {
      name: 'Redis is down: an unknown product is unknown',
      promise: goal,
      async run(tools) {
        const read = (await tools.load())(shelf(tools, down()))
        const end = await tools.call(async () => await read('nothing', { fresh: false }), limitMs)
        if (end.how === 'returned' && end.value === undefined) return undefined
        return { expected: 'no product', actual: endInWords(end) }
      },
    },
    {
      name: 'Redis goes down while it is in use, and comes back',
      promise: goal,
      async run(tools) {
        const state = { isDown: false }
        const cache = memoryCache(state)
        const read = (await tools.load())(shelf(tools, cache))
        for (const isDown of [false, true, true, false, true]) {
          state.isDown = isDown
          for (const { sku } of products) {
            const end = await tools.call(async () => await read(sku, { fresh: false }), limitMs)
            const breach = judge(tools, end, sku)
            if (breach !== undefined) return breach
          }
          await tools.pass(2_000)
        }
        return undefined
      },
    },
    {
      name: 'a product in the cache does not wait for Postgres',
      promise: goal,
      async run(tools) {
        const [product] = products
        if (product === undefined) return undefined
        const cache = { get: async () => product, put: async () => undefined }
        const slow = { ...shelf(tools, cache), load: async () => await loadSlowly(tools, product) }
        const read = (await tools.load())(slow)
        const end = await tools.call(async () => await read(product.sku, { fresh: false }), limitMs)
        if (end.how === 'returned' && end.afterMs < slowMs && isSame(end.value, product))
          return undefined
        return {
          expected: 'the product from the cache, at once',
          actual:
            end.how === 'returned'
              ? `${inWords(end.value)} after ${end.afterMs} ms`
              : endInWords(end),
        }
      },
    },
    ...readProductOutages,
  ],
}

const slowMs = 1_000

async function loadSlowly(tools: ProbeTools<ReadProduct>, product: Product): Promise<Product> {
  await tools.sleep(slowMs)
  return product
}

async function readAll(
  tools: ProbeTools<ReadProduct>,
  cache: ProductShelf['cache'],
  fresh: boolean,
): Promise<Breach | undefined> {
  const read = (await tools.load())(shelf(tools, cache))
  for (const { sku } of products) {
    const breach = judge(
      tools,
      await tools.call(async () => await read(sku, { fresh }), limitMs),
      sku,
    )
    if (breach !== undefined) return breach
  }
  return undefined
}

function judge(
  tools: ProbeTools<ReadProduct>,
  end: CallEnd<Product | undefined>,
  sku: string,
): Breach | undefined {
  if (tools.crash() !== undefined) return crashed(tools)
  if (end.how === 'returned' && isSame(end.value, productOf(sku))) return undefined
  return { expected: inWords(productOf(sku)), actual: endInWords(end) }
}

function crashed(tools: ProbeTools<ReadProduct>): Breach {
  return {
    expected: 'an error of the cache affects no customer',
    actual: `the process ended with ${inWords(tools.crash())}`,
  }
}

function shelf(tools: ProbeTools<ReadProduct>, cache: ProductShelf['cache']): ProductShelf {
  return {
    cache,
    load: async (sku) => {
      await tools.sleep(loadMs)
      const product = productOf(sku)
      return product === undefined ? undefined : { ...product }
    },
    cacheFailed: () => undefined,
  }
}

function down(): ProductShelf['cache'] {
  return memoryCache({ isDown: true })
}

/** A cache that fails at once while it is down. */
function memoryCache(state: { readonly isDown: boolean }): ProductShelf['cache'] {
  const known = new Map<string, Product>()
  const check = (): void => {
    if (state.isDown) throw new Error('connect ECONNREFUSED')
  }
  return {
    get: async (sku) => {
      check()
      return known.get(sku)
    },
    put: async (product) => {
      check()
      known.set(product.sku, product)
    },
  }
}

function productOf(sku: string): Product | undefined {
  return products.find((product) => product.sku === sku)
}

function isSame(a: Product | undefined, b: Product | undefined): boolean {
  return (
    a?.sku === b?.sku &&
    a?.name === b?.name &&
    a?.priceCents === b?.priceCents &&
    a?.stock === b?.stock
  )
}
