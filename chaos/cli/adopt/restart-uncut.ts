import type { Uncut } from '#chaos/adopt/compose/adoption-report.ts'
import { restartCaller } from '#chaos/adopt/compose/apply/restart-caller.ts'
import { connectEngine } from '#chaos/runtime/docker/engine/connect-engine.ts'

import type { Cli } from '../cli.ts'
import { ask } from '../lab/ask.ts'
import { withProgramName } from '../program-name.ts'

export interface RestartParts {
  /** The user has agreed with `--restart`. */
  readonly agreed: boolean
  /** Asks a question with yes or no at the terminal. */
  readonly confirm: (question: string) => Promise<boolean>
  /** Restarts a container of the project, by id. */
  readonly restart: (container: string) => Promise<void>
}

/** The real terminal and the real engine. */
export function restartParts(
  cli: Cli,
  { project, agreed }: { readonly project: string; readonly agreed: boolean },
): RestartParts {
  return {
    agreed,
    confirm: async (question) => {
      const answer = await ask(cli, `${question} (y/n) `, (text) => /^(y|yes|n|no)$/i.test(text))
      return /^y/i.test(answer ?? 'n')
    },
    restart: async (container) => await restartCaller(await connectEngine(), project, container),
  }
}

/**
 * Connections that this kernel cannot cut end with a restart of their container, which needs the user's agreement for each one: `--restart`,
 * or yes at the terminal. Without it, nothing is restarted, and a line says what to do. Returns the containers that were restarted.
 */
export async function restartUncut(
  cli: Pick<Cli, 'interactive' | 'json' | 'err' | 'program'>,
  uncut: readonly Uncut[],
  { agreed, confirm, restart }: RestartParts,
): Promise<readonly Uncut[]> {
  const restarted: Uncut[] = []
  for (const one of uncut) {
    const { service, count, container } = one
    const what = `This kernel cannot cut ${count} connections of ${service}.`
    const isAgreed =
      agreed ||
      (cli.interactive && !cli.json && (await confirm(`${what} Restart its container now?`)))
    if (isAgreed) {
      await restart(container)
      restarted.push(one)
      cli.err.line(`Restarted ${service} (${container.slice(0, 12)}).`)
    } else
      cli.err.line(
        withProgramName(
          `${what} They pass no link until ${service} connects again. Restart it: docker compose restart ${service}   Or adopt again: unhappy adopt --cut --restart`,
          cli.program,
        ),
      )
  }
  return restarted
}
