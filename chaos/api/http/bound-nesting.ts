import type { FastifyInstance } from 'fastify'

import { nestingMax } from '#chaos/contracts/max.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { jsonNesting } from '#chaos/lib/json-nesting.ts'

/**
 * Refuses bodies that are nested too deeply. `JSON.parse` has no limit, but code that later calls itself for each level
 * exhausts the stack: `JSON.stringify` is one.
 */
export function boundNesting(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    (request, body, done) => {
      const nesting = jsonNesting(body)
      if (nesting <= nestingMax) return void parse(request, body, done)
      done(
        new InputError(
          `The body is nested ${nesting} levels deep. At most ${nestingMax} are allowed.`,
          { remedy: 'Send a body with fewer levels.' },
        ),
      )
    },
  )
}
