import { tmpdir } from 'node:os'

import { expect, test } from 'vitest'

import type { CommandList } from './command.ts'
import { rootCommand } from './commands/index.ts'
import { runInProcess } from './testing/in-process.ts'
import { widthOf } from './ui/wrap.ts'

const home = tmpdir()

async function everyCommand(
  list: CommandList,
  before: readonly string[] = [],
): Promise<string[][]> {
  const found: string[][] = []
  for (const [name, entry] of Object.entries(list)) {
    const { subCommands } = await entry.load()
    found.push([...before, name])
    if (subCommands !== undefined)
      found.push(...(await everyCommand(subCommands, [...before, name])))
  }
  return found
}

const commands = [[], ...(await everyCommand(rootCommand.subCommands ?? {}))]

test.for(commands)('unhappy %s --help prints the usage and an example', async (command) => {
  const { status, stdout, stderr } = await runInProcess([...command, '--help'], { home })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain(`  unhappy ${command.join(' ')}`.trimEnd())
  expect(stdout).toMatch(/^Examples$/m)
})

test.for(commands)('unhappy %s --help fits into a narrow terminal', async (command) => {
  const { stdout } = await runInProcess([...command, '--help'], { home, columns: 50 })
  const wide = stdout
    .split('\n')
    // Command lines and single words are not wrapped.
    .filter((line) => !/^ +(npx )?unhappy |^ {2}\S+( \S+)?$/.test(line))
    .filter((line) => widthOf(line) > 50)
  expect(wide).toEqual([])
})

test('help as the first word is the same as --help', async () => {
  const help = async (...rawArgs: string[]) => (await runInProcess(rawArgs, { home })).stdout
  expect(await help('help', 'lab', 'check')).toBe(await help('lab', 'check', '--help'))
  expect(await help('help')).toBe(await help('--help'))
})

test.for(commands)(
  'unhappy %s --help names commands as the user calls the program',
  async (command) => {
    const { stdout } = await runInProcess([...command, '--help'], {
      home,
      environment: { UNHAPPY_PROGRAM: 'npx unhappy' },
    })
    const inOneLine = stdout.replaceAll(/\s+/g, ' ')
    expect(inOneLine).toContain('npx unhappy ')
    expect(inOneLine).not.toMatch(/(?<!npx)[ `(]unhappy [a-z]/)
  },
)

test('only terminals get colours, and NO_COLOR turns them off', async () => {
  const coloured = { FORCE_COLOR: '1' }
  const escape = '\u001B['
  const help = async (args: string[], environment: Record<string, string>) =>
    (await runInProcess([...args, '--help'], { home, environment })).stdout
  expect(await help([], coloured)).toContain(escape)
  expect(await help([], {})).not.toContain(escape)
  expect(await help([], { ...coloured, NO_COLOR: '1' })).not.toContain(escape)
  expect(await help(['--no-color'], coloured)).not.toContain(escape)
})

test('every example is a command of the program', async () => {
  const known = new Set(commands.map((command) => command.join(' ')))
  for (const command of commands) {
    const { stdout } = await runInProcess([...command, '--help'], { home })
    const examples = [...stdout.split('Examples\n')[1]!.matchAll(/^ {2}unhappy (.*)$/gm)]
    for (const [, line = ''] of examples) {
      const words = line.split(' ')
      const fits = [1, 2].some((count) => known.has(words.slice(0, count).join(' ')))
      expect(fits, line).toBe(true)
    }
  }
})
