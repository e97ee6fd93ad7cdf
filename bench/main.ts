import { parseArgs } from 'node:util'

import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { benches } from './benches.ts'
import type { Bench, BenchOptions, Goal } from './lib/bench.ts'
import { type Figures, loadFigures, machineLine, saveFigures } from './lib/figures.ts'
import { medianTable } from './lib/median-table.ts'
import type { FigureRow } from './lib/rounds.ts'

const help = `Measure the targets in alternation; print medians. Run nothing else on the machine meanwhile. Ratios within one
round are more reliable than single figures.

  npm run bench -- [NAME ...] [--rounds N] [--only WORD,WORD] [--targets WORD,WORD] [--save FILE] [--compare FILE]

${benches.map(({ name, description }) => `  ${name.padEnd(9)} ${description}`).join('\n')}

  Without a NAME: run all benches (about 30 minutes).
  --rounds N      Measure N rounds; each bench has its own default.
  --only WORDS    Measure only what has one of these words in its name.
  --targets WORDS Measure only these targets (columns).
  --save FILE     Save the figures as JSON.
  --compare FILE  Print the medians of an earlier --save too.`

const roundsMax = 1_000

const ended = new AbortController()
try {
  process.exitCode = await main()
} catch (error) {
  if (ended.signal.aborted) process.exitCode = 130
  else if (error instanceof InputError) {
    console.error([error.message, error.remedy].filter(Boolean).join('\n'))
    process.exitCode = 3
  } else throw error
}

async function main(): Promise<number> {
  const { values, positionals } = parse()
  if (values.help === true) {
    console.log(help)
    return 0
  }
  const chosen = positionals.length === 0 ? benches : positionals.map(benchCalled)
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0 && rounds <= roundsMax))
    throw new InputError(`--rounds "${values.rounds}" is not valid.`, {
      remedy: `Use a whole number from 1 to ${roundsMax}.`,
    })
  const earlier = values.compare === undefined ? undefined : await loadFigures(values.compare)
  process.once('SIGINT', () => ended.abort(new Error('interrupted')))
  const options: BenchOptions = {
    ...(rounds === undefined ? {} : { rounds }),
    only: words(values.only),
    targets: words(values.targets),
    progress: (text) => void process.stderr.write(`${text}\n`),
    signal: ended.signal,
  }
  const measured: Record<string, readonly FigureRow[]> = {}
  console.log(machineLine())
  for (const bench of chosen) {
    measured[bench.name] = await bench.measure(options)
    print(bench, measured[bench.name] ?? [], earlier)
    if (values.save !== undefined) await saveFigures(values.save, measured)
  }
  return 0
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        only: { type: 'string' },
        targets: { type: 'string' },
        save: { type: 'string' },
        compare: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new InputError((error as Error).message, { remedy: 'See: npm run bench -- --help' })
  }
}

function benchCalled(name: string): Bench {
  const bench = benches.find((one) => one.name === name)
  if (bench !== undefined) return bench
  throw unknownName(
    'bench',
    name,
    benches.map((one) => one.name),
  )
}

function words(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',')
}

function print(bench: Bench, rows: readonly FigureRow[], earlier: Figures | undefined): void {
  console.log(`\n${bench.name}: ${bench.description}`)
  console.log(`Medians. In brackets: the median of the ratios to ${bench.base} within a round.\n`)
  console.log(medianTable(rows, bench.base, earlier?.rows[bench.name]))
  const goals = goalLines(bench.goals, rows)
  if (goals.length > 0) console.log(`\n${goals.join('\n')}`)
}

/** One line for each measured goal: reached or missed, the value and the bound. */
function goalLines(goals: readonly Goal[], rows: readonly FigureRow[]): string[] {
  return goals.flatMap(({ text, value, atLeast, atMost }) => {
    const measured = value(rows)
    if (Number.isNaN(measured)) return []
    const reached = measured >= (atLeast ?? -Infinity) && measured <= (atMost ?? Infinity)
    const bound = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`
    return [`${reached ? 'reached' : 'MISSED '}  ${text}: ${measured.toFixed(2)} (${bound})`]
  })
}
