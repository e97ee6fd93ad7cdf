import { parseArgs } from 'node:util'

import { InputError } from '../chaos/lib/errors.ts'
import { benches } from './benches.ts'

/**
 * `npm run bench -- NAME [--rounds N] [--only WORD,WORD] [--targets WORD,WORD] [--save FILE] [--compare FILE]`. Figures of a
 * machine that does something else as well are worth little; ratios within one round are worth more than figures.
 */
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      only: { type: 'string' },
      targets: { type: 'string' },
      save: { type: 'string' },
      compare: { type: 'string' },
    },
  })
  const bench = benches.find(({ name }) => name === positionals[0])
  if (bench === undefined) {
    const known = benches.map(({ name, description }) => `  ${name}  ${description}`).join('\n')
    throw new InputError(`Which bench? Got "${positionals[0] ?? ''}".`, {
      remedy: `Known:\n${known}`,
    })
  }
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw new InputError(`--rounds: must be a whole number above 0, got "${values.rounds}".`)
  await bench.run({
    ...(rounds === undefined ? {} : { rounds }),
    only: words(values.only),
    targets: words(values.targets),
    ...(values.save === undefined ? {} : { save: values.save }),
    ...(values.compare === undefined ? {} : { compare: values.compare }),
  })
} catch (error) {
  if (!(error instanceof InputError)) throw error
  console.error([error.message, error.remedy].filter(Boolean).join('\n'))
  process.exitCode = 3
}

function words(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',')
}
