import type { InboxPush, Push } from '#chaos/contracts/workshop.ts'

import { plainText } from '../plain-text.ts'
import type { Membership } from './membership-file.ts'

const inboxMax = 50

/** The membership with one more push. A push that arrived before changes nothing. */
export function withPush(before: Membership, push: Push): Membership {
  if (push.seq <= before.lastPush) return before
  const after = { ...before, lastPush: push.seq }
  switch (push.type) {
    case 'note':
    case 'hint': {
      const text = plainText(push.text)
      // Only characters that are not shown. The file accepts no empty text.
      return text === '' ? after : withInbox(after, { ...push, text })
    }
    case 'code-wanted':
      return withInbox(after, push)
    case 'help-seen':
      return withInbox({ ...after, helpAskedAt: null }, push)
    case 'exercise':
      return { ...after, exercise: { ...push, title: plainText(push.title) } }
    case 'sequence':
      return { ...after, sequence: push.labs }
    // The sandbox starts and ends incidents, not the file.
    case 'incident':
    case 'incident-end':
      return after
  }
}

function withInbox(before: Membership, push: InboxPush): Membership {
  return { ...before, inbox: [push, ...before.inbox].slice(0, inboxMax) }
}
