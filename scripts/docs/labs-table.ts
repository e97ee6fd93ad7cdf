import { tracks } from '#chaos/contracts/lab.ts'
import { labs } from '#labs/index.ts'

import { markdownTable } from './markdown.ts'

/** Every lab, in teaching order. `prefix` is the path from the page to `labs/`. */
export function labsTable(prefix: string, options: { readonly buildsOn: boolean }): string {
  const head = ['lab', 'track', 'what breaks', 'minutes']
  const rows = labs.map(({ id, track, breaks, minutes, buildsOn = [] }) => [
    `[${id}](${prefix}${track}/${id}/README.md)`,
    tracks[track].title,
    breaks,
    String(minutes),
    ...(options.buildsOn ? [buildsOn.join(', ')] : []),
  ])
  return markdownTable(options.buildsOn ? [...head, 'builds on'] : head, rows)
}

/** For instructors: the solution of each lab in half a sentence. */
export function lessonsTable(prefix: string): string {
  const rows = labs.map(({ id, track, lesson }) => [
    `[${id}](${prefix}${track}/${id}/after.md)`,
    lesson,
  ])
  return markdownTable(['lab', 'what it teaches'], rows)
}
