import { Type } from 'typebox'

import { defineToxic } from './lib/toxic-kind.ts'

/** Toxiproxy has it, and its clients' tests use it. */
export const noop = defineToxic({
  type: 'noop',
  description: 'Does nothing.',
  attributes: Type.Object({}),
  stage: () => ({}),
})
