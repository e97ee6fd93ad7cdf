import { usualPace } from '#chaos/gameday/pace.ts'
import { incidentsDefault, scheduleGameday } from '#chaos/gameday/schedule.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { freshSeed } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { defineCommand } from '../../command.ts'
import { followGameday } from '../../gameday/follow-gameday.ts'
import { useSandbox } from '../../sandbox/use.ts'
import { parseSeed } from '../../seed.ts'

export default defineCommand({
  about:
    'Without a running sandbox it starts one and stops it at the end. Use a second terminal or the dashboard to look and to act. The same seed gives the same incidents at the same times.',
  args: {
    seed: {
      type: 'string',
      valueHint: 'number',
      description: 'The seed of the incidents and their times. Default: a new one.',
    },
    incidents: {
      type: 'string',
      description: `How many incidents. Default: ${incidentsDefault}.`,
    },
    minutes: { type: 'string', description: 'The longest time for each incident. Default: 6.' },
    list: {
      type: 'boolean',
      description: 'Print the plan of this seed, without names, and start nothing.',
    },
    brisk: { type: 'boolean', description: 'Use short times, to try the commands.' },
    detach: { type: 'boolean', description: 'Start it in a running sandbox and return.' },
  },
  examples: ['unhappy gameday start --seed 7', 'unhappy gameday start --seed 7 --list'],
  run: async ({ args, cli }) => {
    const seed = parseSeed(args.seed) ?? freshSeed()
    const incidents = count('incidents', args.incidents, 30) ?? incidentsDefault
    const minutes = count('minutes', args.minutes, 9)
    if (args.list === true) return printPlan(cli, seed, incidents)
    const body = {
      seed,
      incidents,
      ...(minutes === undefined ? {} : { minutes }),
      ...(args.brisk === true ? { brisk: true } : {}),
    }
    await using sandbox = await useSandbox(cli)
    const view = await sandbox.client.startGameday(body)
    if (args.detach === true || cli.json) {
      cli.out.line(cli.json ? JSON.stringify(view) : `The game day has begun, seed ${view.seed}.`)
      return
    }
    await followGameday(cli, sandbox.client)
  },
})

/** Numbers and pauses only: the plan must not say what comes, or when it begins. */
function printPlan(
  cli: Parameters<typeof followGameday>[0],
  seed: number,
  incidents: number,
): void {
  const catalogue = system.gamedays?.incidents ?? []
  const plan = scheduleGameday(catalogue, { seed, count: incidents, pace: usualPace })
  const rows = plan.map(({ pauseMs }, i) => ({
    number: i + 1,
    pauseSeconds: i === 0 ? 0 : Math.round(pauseMs / 1_000),
  }))
  if (cli.json) return cli.out.line(JSON.stringify({ seed, incidents: rows }))
  cli.out.line(`Seed ${seed}: ${rows.length} ${rows.length === 1 ? 'incident' : 'incidents'}.`)
  for (const { number, pauseSeconds } of rows)
    cli.out.line(`  incident ${number}: opens after a pause of ${pauseSeconds} s`)
}

function count(option: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new InputError(`"${text}" is not a valid number for --${option}.`, {
    remedy: `Use a whole number from 1 to ${max}.`,
  })
}
