import type { SandboxFile } from '#chaos/contracts/api.ts'

/** What a controller and the process that started it tell each other over the channel between them. */
export type ControllerMessage =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'ready'; readonly file: SandboxFile }
  | { readonly type: 'failed'; readonly error: string; readonly remedy?: string }
  /** From the parent: its end is no longer yours. */
  | { readonly type: 'detach' }
