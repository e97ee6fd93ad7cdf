import { Type } from 'typebox'

import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** Counts the bytes of a whole connection, whatever messages they belong to. */
export const limitData = defineToxic({
  type: 'limit_data',
  description: 'Closes each connection after exactly this number of bytes.',
  look: 'cut',
  attributes: Type.Object({
    bytes: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 0,
      description: 'Bytes that pass; 0: none.',
    }),
  }),
  stage: (context) => {
    let passed = 0
    return {
      chunk: (chunk) => {
        const left = Math.max(0, context.attributes.bytes - passed)
        if (chunk.length < left) {
          passed += chunk.length
          context.pass(chunk)
          return
        }
        passed += left
        context.touch()
        if (left > 0) context.pass(chunk.subarray(0, left))
        context.drop(chunk.length - left)
        context.close()
      },
    }
  },
})
