import type { MembershipView } from '#chaos/contracts/workshop.ts'

/** Whether the last report has arrived. `done` says what then happened. */
export function sentText({ waiting, problem }: MembershipView, done: string): string {
  if (waiting === 0) return done
  const why = problem === null ? '' : ` ${problem}`
  return `It waits, and is sent when the host responds (${waiting} in the queue).${why}`
}
