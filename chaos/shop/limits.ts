import type { SystemLimit } from '#chaos/contracts/system/limit.ts'

/** What the contents of a message decide. */
const contents = [
  'no-lost-orders',
  'no-phantom-orders',
  'charged-at-most-once',
  'charged-what-was-ordered',
  'books-balance',
  'stock-conserved',
  'status-never-goes-back',
  'same-key-same-answer',
  'no-stuck-orders',
  'recovers-within',
  'responses-are-true',
  'refusals-are-true',
]

/** The promises that the shop cannot keep, even with every safety net. */
export const limits: readonly SystemLimit[] = [
  {
    fault: 'corrupt',
    checks: contents,
    why: 'A changed byte whose TCP checksum is valid makes another valid message: another amount, another order, another statement. Only a checksum of the whole message detects it, as TLS has. The links of a sandbox carry plain text.',
  },
]
