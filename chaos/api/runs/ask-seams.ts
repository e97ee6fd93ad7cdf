import type { SeamReport } from '#chaos/contracts/runtime.ts'

const answersWithinMs = 1_000

/** What the service at this address says of its seams; undefined when it does not answer. */
export async function askSeams(http: string): Promise<readonly SeamReport[] | undefined> {
  try {
    const response = await fetch(`${http}/seams`, { signal: AbortSignal.timeout(answersWithinMs) })
    if (!response.ok) return undefined
    return ((await response.json()) as { readonly seams: readonly SeamReport[] }).seams
  } catch {
    return undefined
  }
}
