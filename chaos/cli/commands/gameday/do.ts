import type { ActionBody } from '#chaos/contracts/gameday/gameday-view.ts'
import { actionKinds } from '#chaos/contracts/gameday/incident.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  about:
    'restart, stop, start: an instance or a store. reroute: leads a link over another network path. rollback: deploys the version before the last release. set: restarts with other settings (NAME=VALUE). end-session: ends the session of Postgres with this process number (--pid). Each action is recorded, and repeated when the incident is repeated.',
  args: {
    action: {
      type: 'positional',
      required: true,
      description: `One of ${actionKinds.join(', ')}.`,
    },
    target: {
      type: 'positional',
      required: true,
      description: 'A name, or a pattern in quotes: worker-1, api-*:postgres.',
    },
    settings: {
      type: 'positional',
      required: false,
      description: 'Only of set: NAME=VALUE, several with commas.',
    },
    pid: {
      type: 'string',
      valueHint: 'number',
      description: 'Only of end-session: pid in pg_stat_activity.',
    },
  },
  examples: [
    'unhappy gameday do restart worker-1',
    "unhappy gameday do reroute 'api-1:redis'",
    'unhappy gameday do set api CACHE_TTL_MS=5000',
    'unhappy gameday do end-session postgres --pid 4711',
  ],
  run: async ({ args, cli }) => {
    const action = actionKinds.find((kind) => kind === args.action)
    if (action === undefined)
      throw new InputError(`"${args.action}" is not a mitigation.`, {
        remedy: `Use one of ${actionKinds.join(', ')}.`,
      })
    const body: ActionBody = {
      action,
      target: args.target,
      ...(args.settings === undefined ? {} : { settings: settingsOf(args.settings) }),
      ...(args.pid === undefined ? {} : { pid: pidOf(args.pid) }),
    }
    const taken = await (await requireSandbox(cli)).actOnIncident(body)
    cli.out.line(cli.json ? JSON.stringify(taken) : `${taken.touched.join(', ')}: ${taken.result}`)
  },
})

function settingsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((setting) => {
      const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(setting.trim()) ?? []
      if (name !== undefined && value !== undefined) return [name, value]
      throw new InputError(`"${setting}" is not a setting.`, {
        remedy: 'Write NAME=VALUE, for example CACHE_TTL_MS=5000.',
      })
    }),
  )
}

function pidOf(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new InputError(`"${text}" is not a process number.`, {
    remedy: "Find it: unhappy sql 'SELECT pid, state, query FROM pg_stat_activity'",
  })
}
