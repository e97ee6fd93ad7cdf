import { undoEverything } from '../halt.ts'
import type { Sandbox } from '../sandbox.ts'

/** Every fault undone, every instance up. What does not come back is told; the checks will see it. */
export async function heal(sandbox: Sandbox): Promise<void> {
  const { couldNotUndo } = await undoEverything(sandbox, 'run-ended')
  for (const { what, error } of couldNotUndo)
    sandbox.journal.note('error', `Could not undo ${what}: ${error}`)
}
