import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { CheckBody, RunBody, RunView } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'

const pollMs = 200

/** Judges one version of a lab in a running sandbox and prints nothing. */
export async function awaitLabRun(
  client: ApiClient,
  request: CheckBody & { readonly lab: string },
  clock: Clock,
): Promise<RunView> {
  const { lab, ...check } = request
  const { id } = await client.checkLab(lab, check)
  return await ended(client, id, clock)
}

/** Runs a scenario in a running sandbox and prints nothing. */
export async function awaitScenarioRun(
  client: ApiClient,
  request: RunBody & { readonly scenario: string },
  clock: Clock,
): Promise<RunView> {
  const { id } = await client.run(request)
  return await ended(client, id, clock)
}

async function ended(client: ApiClient, id: string, clock: Clock): Promise<RunView> {
  for (;;) {
    const run = await client.runView(id)
    if (run.state !== 'running') return run
    await clock.sleep(pollMs)
  }
}
