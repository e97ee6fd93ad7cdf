import type { GradingSandbox } from '#chaos/grading/judge.ts'

import type { Cli } from '../cli.ts'
import { openDockerGrading } from './docker-grading.ts'
import { openLocalGrading } from './local-grading.ts'

export interface GradingLimits {
  /** The longest time for one request. */
  readonly limitMs: number
  readonly onProgress: (text: string) => void
}

/** The sandbox of the grading, which the first request opens: if every grade is known, there is none. */
export function openGrading(cli: Cli, limits: GradingLimits): GradingSandbox {
  let opened: Promise<GradingSandbox> | undefined
  const open = async (): Promise<GradingSandbox> =>
    cli.environment['UNHAPPY_RUNTIME'] === 'docker'
      ? await openDockerGrading(cli, limits)
      : await openLocalGrading(cli, limits)
  return {
    judge: async (request) => await (await (opened ??= open())).judge(request),
    [Symbol.asyncDispose]: async () => {
      const grading = await opened?.catch(() => undefined)
      await grading?.[Symbol.asyncDispose]()
    },
  }
}
