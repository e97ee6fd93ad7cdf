import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { GradingSandbox, Judged } from '#chaos/grading/judge.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { findSandbox } from '../sandbox/find.ts'
import { judgeInSandbox } from './judge-in-sandbox.ts'
import { lateResult } from './late-result.ts'

const abortWithinMs = 60_000

/** Judges code in the Compose project of this container. Throws {@link InputError} unless the project was made for it. */
export async function openDockerGrading(
  cli: Cli,
  { limitMs }: { readonly limitMs: number },
): Promise<GradingSandbox> {
  if (cli.environment['UNHAPPY_GRADING'] !== '1')
    throw new InputError('This Compose project runs code that can reach the network.', {
      remedy: 'Start it with docker-compose.grading.yml: docs/grading.md has the commands.',
    })
  const client = await findSandbox(cli)
  if (client === undefined)
    throw new InputError('The sandbox of this Compose project is not running.', {
      remedy: 'Wait until it is healthy: docker compose up --wait',
    })
  return {
    judge: async (request) => {
      const over = new AbortController()
      const late = cli.clock
        .sleep(limitMs, AbortSignal.any([over.signal, cli.signal]))
        .then((): Judged => lateResult(limitMs))
      const judging = judgeInSandbox(client, request, cli)
      try {
        return await Promise.race([judging, late])
      } finally {
        over.abort()
        late.catch(() => undefined)
        await abortRun(cli, client)
        await judging
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}

/** After a verdict there is no run. The client's own signal may have aborted already. */
async function abortRun(cli: Cli, { file }: ApiClient): Promise<void> {
  const client = createApiClient(file, cli.clock, AbortSignal.timeout(abortWithinMs))
  const { run } = await client.sandbox()
  if (run !== null) await client.abort(run)
}
