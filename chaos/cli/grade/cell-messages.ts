import type { Judged, JudgeRequest } from '#chaos/grading/judge.ts'

/** What `lab grade` and the program in its cell send each other over the IPC channel between them. */
export type CellRequest = JudgeRequest & { readonly type: 'judge' }
export type CellMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly text: string }
  /** The sandbox is ready, and the code is judged from now on. */
  | { readonly type: 'begun' }
  | { readonly type: 'judged'; readonly judged: Judged }
