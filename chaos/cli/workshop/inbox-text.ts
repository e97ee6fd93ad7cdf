import type { InboxPush } from '#chaos/contracts/workshop.ts'

/** Something from the instructor, in one paragraph. */
export function inboxText(push: InboxPush): string {
  switch (push.type) {
    case 'note':
      return `From the instructor: ${push.text}`
    case 'hint':
      return `A hint for ${push.lab} from the instructor: ${push.text}`
    case 'code-wanted':
      return `The instructor asks for your code of ${push.lab}. To send it: unhappy workshop share ${push.lab}`
    case 'help-seen':
      return 'The instructor has seen your request for help.'
  }
}
