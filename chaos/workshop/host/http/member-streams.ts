import type { Push } from '#chaos/contracts/workshop.ts'
import { InputError } from '#chaos/lib/errors.ts'

const streamsMax = 4

/** The open streams of learners' sandboxes. */
export interface MemberStreams {
  readonly isOnline: (learner: string) => boolean
  /** Returns a function that ends it. Throws {@link InputError} with status 429 if the learner has too many. */
  add(learner: string, send: (push: Push) => void): () => void
  send(to: readonly string[], push: Push): void
}

export function createMemberStreams(onChanged: () => void): MemberStreams {
  const streams = new Map<string, Set<(push: Push) => void>>()
  return {
    isOnline: (learner) => streams.has(learner),
    add: (learner, send) => {
      const own = streams.get(learner) ?? new Set()
      if (own.size >= streamsMax)
        throw new InputError(`This learner has ${own.size} streams.`, {
          remedy: 'End one of them.',
          status: 429,
        })
      own.add(send)
      streams.set(learner, own)
      onChanged()
      return () => {
        own.delete(send)
        if (own.size === 0 && streams.get(learner) === own) streams.delete(learner)
        onChanged()
      }
    },
    send: (to, push) => {
      for (const learner of to) for (const send of streams.get(learner) ?? []) send(push)
    },
  }
}
