import { Type } from 'typebox'

import { defineToxic } from './lib/toxic-kind.ts'

/**
 * A half-open peer: the connection stays open and silent, even after the toxic is gone. When one side closes or resets,
 * the other side does not receive that either.
 */
export const mute = defineToxic({
  type: 'mute',
  description:
    'Silences a connection permanently: it stays open and silent even after the toxic is gone.',
  look: 'silent',
  label: () => 'silent',
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
