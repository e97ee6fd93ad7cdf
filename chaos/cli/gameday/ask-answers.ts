import type { AnswersBody, GamedayView } from '#chaos/contracts/gameday/gameday-view.ts'

import type { Cli } from '../cli.ts'
import { ask } from '../lab/ask.ts'
import { placesOf } from './places-of.ts'

/** Asks for the answers of the open incident. Undefined if standard input ends. */
export async function askAnswers(
  cli: Cli,
  { places, causes }: Pick<GamedayView, 'places' | 'causes'>,
): Promise<AnswersBody | undefined> {
  const { err } = cli
  const isPlaces = (text: string): boolean => {
    const other = placesOf(text).find((place) => !places.includes(place))
    if (other !== undefined) err.line(`"${other}" is not a place here. Use names of the list.`)
    return other === undefined
  }
  const wrong = await askYesNo(cli, 'Is something wrong?')
  if (wrong === undefined) return undefined
  if (!wrong) return await finish(cli, { wrong })
  err.line(`Places: ${places.join(', ')}`)
  const where = await ask(
    cli,
    'Where does it begin? (places with commas, Enter: not known) ',
    isPlaces,
  )
  err.line(`Causes: ${causes.map(({ id }) => id).join(', ')}`)
  const cause = await ask(cli, 'What is the cause? (Enter: not known) ', (text) => {
    const fits = text === '' || causes.some(({ id }) => id === text)
    if (!fits) err.line(`"${text}" is not a cause here. Use a name of the list.`)
    return fits
  })
  const chain = await ask(
    cli,
    'How does it spread? (places in order, the cause first, Enter: not known) ',
    isPlaces,
  )
  const note = await ask(cli, 'What did you do, and why? (one line, Enter: nothing) ', () => true)
  if (note === undefined) return undefined
  return await finish(cli, {
    wrong,
    where: placesOf(where ?? ''),
    chain: placesOf(chain ?? ''),
    ...(cause === undefined || cause === '' ? {} : { cause }),
    ...(note === '' ? {} : { note }),
  })
}

async function finish(cli: Cli, answers: AnswersBody): Promise<AnswersBody | undefined> {
  const final = await askYesNo(cli, 'Are these your final answers?')
  return final === undefined ? undefined : { ...answers, final }
}

async function askYesNo(cli: Cli, question: string): Promise<boolean | undefined> {
  const text = await ask(cli, `${question} (yes/no) `, (given) => /^(y|yes|n|no)$/i.test(given))
  return text === undefined ? undefined : /^y/i.test(text)
}
