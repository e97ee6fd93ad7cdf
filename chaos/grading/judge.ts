import type { RunView } from '#chaos/contracts/api.ts'

/** Code to judge in the sandbox. */
export interface JudgeRequest {
  readonly lab: string
  readonly seed: number
  /** The text of each seam file. */
  readonly files: readonly { readonly seam: string; readonly text: string }[]
}

/**
 * The result. `refused`: the code cannot be run, as `lab check` would say. `lost`: the sandbox failed or ended, and the
 * next request has a new one. `late`: there was no verdict in time. `busy`: the same, and the machine may be the cause.
 */
export type Judged =
  | { readonly kind: 'run'; readonly run: RunView }
  | { readonly kind: 'refused' | 'lost' | 'late' | 'busy'; readonly why: string }

/** A sandbox from which code reaches nothing else. */
export interface GradingSandbox extends AsyncDisposable {
  judge(request: JudgeRequest): Promise<Judged>
}
