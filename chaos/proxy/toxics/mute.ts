import { Type } from 'typebox'

import { defineToxic } from './lib/toxic-kind.ts'

/**
 * A half-open peer: the connection stays open and silent, also after the toxic is gone. Whether the other side closes or
 * resets does not come through either.
 */
export const mute = defineToxic({
  type: 'mute',
  description: 'Silences a connection for good: it stays open and mute after the toxic is gone.',
  attributes: Type.Object({}),
  stage: (context) => ({
    isolates: true,
    chunk: (chunk) => {
      context.touch()
      context.drop(chunk.length)
    },
    end: () => context.touch(),
    detach: () => 'stay' as const,
  }),
})
