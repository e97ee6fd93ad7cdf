import type { FastifyInstance } from 'fastify'

import type { Database } from '#services/lib/database.ts'
import { storable } from '#services/lib/storable-text.ts'

import type { ReadProduct } from '../seams.ts'
import { loadProducts, unknownProduct } from './find-product.ts'

export interface ProductRoutes {
  readonly database: Database
  readonly readProduct: ReturnType<ReadProduct>
}

/** GET /products and GET /products/:sku. `?fresh=1` skips the cache. */
export function addProductRoutes(app: FastifyInstance, shop: ProductRoutes): void {
  app.get('/products', async () => ({ products: await loadProducts(shop.database) }))

  app.get<{ Params: { sku: string }; Querystring: { fresh?: string } }>(
    '/products/:sku',
    { schema: { params: { type: 'object', properties: { sku: storable(200) } } } },
    async (request) => {
      const { sku } = request.params
      const fresh = request.query.fresh === '1'
      return (await shop.readProduct(sku, { fresh })) ?? unknownProduct(sku)
    },
  )
}
