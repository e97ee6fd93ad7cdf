import type { Lenses } from '#chaos/contracts/api.ts'
import { textLengthMax } from '#chaos/contracts/max.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineCommand } from '../../command.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { definitions } from '../../ui/text-table.ts'

const titles: Readonly<Record<keyof Lenses, string>> = {
  contract: 'Contract',
  truth: 'Source of truth',
  failure: 'The failure mode that will come back',
  blastRadius: 'Blast radius',
  tradeOff: 'Trade-off',
}
const names = Object.keys(titles) as readonly (keyof Lenses)[]

const text = { type: 'string', valueHint: 'text' } as const

export default defineCommand({
  about:
    'Prints the five lenses in your own words. Each option keeps one of them. An empty text removes it.',
  args: {
    lab: labArgument,
    contract: { ...text, description: 'What does your response promise?' },
    truth: { ...text, description: 'Where is the fact decided?' },
    failure: { ...text, description: 'Where else does this failure occur?' },
    blastRadius: { ...text, description: 'Who and what is affected, and for how long?' },
    tradeOff: { ...text, description: 'What does your fix cost?' },
  },
  examples: [
    'unhappy lab lenses lab-zero',
    'unhappy lab lenses lab-zero --truth "Postgres. The cache is a copy."',
  ],
  run: async ({ args, cli }) => {
    const control = openLabControl(cli)
    const given = names.flatMap((name) => {
      const value = args[name]
      return value === undefined ? [] : [[name, checked(titles[name], value)] as const]
    })
    const before = (await control.get(args.lab)).lenses
    const lenses: Lenses = { ...before, ...Object.fromEntries(given) }
    if (given.length > 0) await control.reflect(args.lab, lenses)
    if (cli.json) return cli.out.line(JSON.stringify(lenses))
    const rows = names.map((name) => [titles[name], lenses[name] || 'not written yet'] as const)
    cli.out.line(definitions(rows, { width: Math.min(cli.out.columns, 100), indent: 0 }))
  },
})

function checked(title: string, value: string): string {
  if (value.length <= textLengthMax) return value
  throw new InputError(`${title} has ${value.length} characters.`, {
    remedy: `Write at most ${textLengthMax} characters.`,
  })
}
