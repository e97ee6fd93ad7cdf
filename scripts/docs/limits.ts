import { system } from '#chaos/system.ts'

import { markdownTable } from './markdown.ts'

/** The promises that the shop cannot keep, by fault. */
export function limitsTable(): string {
  const rows = (system.limits ?? []).map(({ fault, on = 'any', checks, why }) => [
    `[${fault}](#${fault})`,
    on === 'any' ? on : `\`${on}\``,
    checks.map((check) => `[${check}](checks.md#${check})`).join(', '),
    why,
  ])
  return markdownTable(['fault', 'on', 'may violate', 'why'], rows)
}
