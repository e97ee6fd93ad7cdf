import type { ArgDef } from 'citty'

import type { AnyCommand, CommandList } from './command.ts'
import { globalArgs } from './parse-command-line.ts'
import { withProgramName } from './program-name.ts'
import type { Printer } from './ui/printer.ts'
import { definitions } from './ui/text-table.ts'
import { wrap } from './ui/wrap.ts'

/** The text of `--help`, generated from the command's arguments. */
export function helpText(
  command: AnyCommand,
  about: { readonly name: string; readonly description: string },
  { output, program }: { readonly output: Printer; readonly program: string },
): string {
  const { colours } = output
  const width = Math.min(output.columns, 100)
  const args = Object.entries(command.args ?? {})
  const positionals = args.filter(([, def]) => def.type === 'positional')
  const options = args.filter(([, def]) => def.type !== 'positional')
  const section = (title: string, body: string): string =>
    body === '' ? '' : `${colours.bold(title)}\n${body}`
  const prose = (text: string): string => wrap(withProgramName(text, program), width)
  const list = (pairs: [string, string][]): string =>
    definitions(
      pairs.map(([term, text]) => [term, withProgramName(text, program)]),
      { width, indent: 2 },
    )
  return [
    prose(about.description),
    command.about === undefined ? '' : prose(command.about),
    section('Usage', `  ${withProgramName(usage(about.name, command), program)}`),
    ...commandSections(command.subCommands ?? {}, section, list),
    section('Arguments', list(positionals.map(([key, def]) => [key.toUpperCase(), meaning(def)]))),
    section('Options', list([...options, ...Object.entries(globalArgs)].map(optionLine))),
    section(
      'Examples',
      (command.examples ?? [])
        .map((example) => `  ${withProgramName(example, program)}`)
        .join('\n'),
    ),
    Object.keys(command.subCommands ?? {}).length > 0
      ? prose(
          `More about a ${command.subCommandNoun ?? 'command'}: ${about.name} ${(command.subCommandNoun ?? 'command').toUpperCase()} --help`,
        )
      : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function commandSections(
  commands: CommandList,
  section: (title: string, body: string) => string,
  list: (pairs: [string, string][]) => string,
): string[] {
  const groups = Map.groupBy(Object.entries(commands), ([, entry]) => entry.group ?? 'Commands')
  return [...groups].map(([group, entries]) =>
    section(group, list(entries.map(([name, entry]) => [name, entry.description]))),
  )
}

function usage(name: string, command: AnyCommand): string {
  const parts = Object.entries(command.args ?? {})
    .filter(([, def]) => def.type === 'positional')
    .map(([key, def]) => (def.required === false ? `[${key.toUpperCase()}]` : key.toUpperCase()))
  const noun = (command.subCommandNoun ?? 'command').toUpperCase()
  const subCommand =
    command.subCommands === undefined ? [] : [command.run === undefined ? noun : `[${noun}]`]
  return [name, ...subCommand, ...parts, '[options]'].join(' ')
}

function optionLine([key, def]: [string, ArgDef]): [string, string] {
  const alias = 'alias' in def ? [def.alias ?? []].flat() : []
  const negative = def.type === 'boolean' && def.default === true
  const names = [...alias.map((name) => `-${name}`), negative ? `--no-${key}` : `--${key}`]
  const value =
    def.type === 'boolean'
      ? ''
      : ` ${def.type === 'enum' ? (def.options ?? []).join('|') : (def.valueHint ?? 'value')}`
  return [names.join(', ') + value, negative ? (def.negativeDescription ?? '') : meaning(def)]
}

function meaning(def: ArgDef): string {
  const fallback =
    def.default === undefined || def.type === 'boolean' ? '' : ` Default: ${def.default}.`
  const required = def.required === true && def.type !== 'positional' ? ' Required.' : ''
  return `${def.description ?? ''}${required}${fallback}`
}
