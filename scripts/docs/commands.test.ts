import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import type { AnyCommand } from '#chaos/cli/command.ts'
import { rootCommand as program } from '#chaos/cli/commands/index.ts'
import { globalArgs } from '#chaos/cli/parse-command-line.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { pages } from './pages.ts'
import { shownCommands } from './shown-commands.ts'
import type { ShownCommand } from './shown-commands.ts'

const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

/** What is wrong with a command line. Empty if it is valid. */
async function problemsOf(words: ShownCommand): Promise<readonly string[]> {
  const [tool, ...rest] = words
  if (tool === 'unhappy') return await problemsOfCommand(program, rest)
  if (tool === 'npm') return problemsOfNpm(rest)
  const file = rest.find((word) => /^[\w./-]+\.[jt]s$/.test(word))
  return file === undefined || existsSync(path.join(projectRoot, file)) ? [] : [`no file ${file}`]
}

function problemsOfNpm([verb = '', name = '']: ShownCommand): readonly string[] {
  const script = verb === 'run' ? name : ['start', 'test'].includes(verb) ? verb : undefined
  return script === undefined || script in scripts ? [] : [`no script ${script}`]
}

async function problemsOfCommand(
  command: AnyCommand,
  words: ShownCommand,
): Promise<readonly string[]> {
  const list = command.subCommands
  const at = words.findIndex(
    (word, i) => !word.startsWith('-') && !takesValue(command, words[i - 1] ?? ''),
  )
  const name = words[at]
  const isArgument = name !== undefined && command.argumentForm?.test(name) === true
  if (list !== undefined && name !== undefined && !isArgument && !isPlaceholder(name)) {
    const entry = Object.hasOwn(list, name) ? list[name] : undefined
    if (entry === undefined) return [`no command ${name}`]
    return await problemsOfCommand(await entry.load(), words.toSpliced(at, 1))
  }
  if (list !== undefined || command.readsRawArguments === true) return []
  const known = new Set([...namesOf(command), 'version'])
  return words
    .filter((word) => /^--[a-z]/i.test(word))
    .map((word) => word.slice(2).split('=')[0] ?? '')
    .filter((option) => !known.has(option))
    .map((option) => `no option --${option}`)
}

/** Whether the next word belongs to this word, as in `--seed 7`. */
function takesValue({ args = {} }: AnyCommand, word: string): boolean {
  const def = word.startsWith('--') ? args[word.slice(2)] : undefined
  return def !== undefined && def.type !== 'boolean'
}

function namesOf({ args = {} }: AnyCommand): readonly string[] {
  return Object.entries({ ...args, ...globalArgs }).flatMap(([key, def]) => [
    key,
    ...(def.type === 'boolean' ? [`no-${key}`] : []),
  ])
}

/** `LAB` or `COMMAND`: the user fills it in. */
function isPlaceholder(word: string): boolean {
  return /^[A-Z]+$/.test(word)
}

test.each(pages())('every command that $file shows exists', async ({ text }) => {
  const found = await Promise.all(
    shownCommands(text).map(async (words) =>
      (await problemsOf(words)).map((problem) => `${words.join(' ')}: ${problem}`),
    ),
  )
  expect(found.flat()).toEqual([])
})

test('commands in fences and in backticks are found, and so are mistakes in them', async () => {
  const text = [
    'See `npx unhappy doctor`.\n```',
    'docker compose exec chaos unhappy lab chekc dual-write # really',
    'npm run nothing && npm start',
    "unhappy inject latency 'api-*:redis' --latncyMs 5 --for 30s",
    'node scripts/nothing.ts',
    '```\n',
  ].join('\n')
  const problems = await Promise.all(shownCommands(text).map((words) => problemsOf(words)))
  expect(problems.flat()).toEqual([
    'no command chekc',
    'no script nothing',
    'no option --latncyMs',
    'no file scripts/nothing.ts',
  ])
})
