import { writeFile } from 'node:fs/promises'

import type { Operation } from '#chaos/contracts/history.ts'

/** Writes `history.jsonl`: one operation per line, by start time. */
export async function writeHistory(path: string, operations: readonly Operation[]): Promise<void> {
  const ordered = operations.toSorted((a, b) => a.id - b.id)
  await writeFile(path, ordered.map((operation) => `${JSON.stringify(operation)}\n`).join(''))
}
