import { Type } from 'typebox'

import { defineToxic } from './lib/toxic-kind.ts'

/** Part of Toxiproxy's API: the tests of its clients use it. */
export const noop = defineToxic({
  type: 'noop',
  description: 'Does nothing.',
  look: 'plain',
  attributes: Type.Object({}),
  stage: () => ({}),
})
