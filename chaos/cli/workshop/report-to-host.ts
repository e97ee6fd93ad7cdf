import type { Cli } from '../cli.ts'
import type { AnyCommand, CommandList } from '../command.ts'
import { withProgramName } from '../program-name.ts'
import { wrap } from '../ui/wrap.ts'
import { inboxText } from './inbox-text.ts'
import { openMember } from './open-member.ts'

/** A host that does not respond must not hold up a command. What waits is sent later. */
const patienceMs = 2_000

/**
 * Sends what a command changed to the host of the workshop, and prints what the instructor has sent since. Nothing happens
 * if the learner is in no workshop. A controller may send the same reports at the same time: the host counts each once.
 */
export async function reportToHost(cli: Cli): Promise<void> {
  const member = openMember(cli)
  if ((await member.file.read()) === null) return
  const signal = AbortSignal.any([cli.signal, AbortSignal.timeout(patienceMs)])
  await member.collect()
  await Promise.all([member.send(signal), member.receive(signal).catch(() => undefined)])
  await printInbox(cli, member)
}

async function printInbox(cli: Cli, member: ReturnType<typeof openMember>): Promise<void> {
  const membership = await member.file.read()
  if (cli.json || membership === null) return
  const { inbox } = await member.view()
  const unread = inbox.filter(({ seq }) => seq > membership.lastPrinted).toReversed()
  if (unread.length === 0) return
  for (const push of unread) {
    const text = withProgramName(inboxText(push), cli.program)
    cli.err.line(cli.err.colours.bold(wrap(text, Math.min(cli.err.columns, 100), 2)))
  }
  const lastPrinted = unread.at(-1)?.seq ?? membership.lastPrinted
  await member.file.change((before) => (before === null ? null : { ...before, lastPrinted }))
}

/** The same commands. Each reports when it has ended, even after an error. */
export function reporting(commands: CommandList): CommandList {
  return Object.fromEntries(
    Object.entries(commands).map(([name, entry]) => [
      name,
      { ...entry, load: async () => reportingCommand(await entry.load()) },
    ]),
  )
}

function reportingCommand(command: AnyCommand): AnyCommand {
  if (command.run === undefined) return command
  return {
    ...command,
    run: async (context) => {
      try {
        return await command.run?.(context)
      } finally {
        // The result of the command counts, even if the report fails.
        await reportToHost(context.cli).catch(() => undefined)
      }
    },
  }
}
