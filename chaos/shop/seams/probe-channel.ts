import type { Place } from '#services/load-failure.ts'

/** The descriptor through which the process that loads a seam file talks to its parent. */
export const channelFd = 3
/** Length of the secret at the start of each report, in characters. The parent sends it first. */
export const nonceLength = 32

/** What the process found out. `await`: a top-level await that no event can end. */
export type ProbeReport =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly kind: 'load' | 'export' | 'await'
      readonly message: string
      readonly place?: Place
    }
