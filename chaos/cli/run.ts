import type { ArgsDef } from 'citty'

import { readVersion } from '#chaos/home/read-version.ts'
import { InputError, messageOf, unknownName } from '#chaos/lib/errors.ts'

import type { Cli } from './cli.ts'
import type { AnyCommand, CommandList } from './command.ts'
import { exitStatus } from './exit-status.ts'
import { helpText } from './help.ts'
import { globalArgs, parseCommandLine } from './parse-command-line.ts'
import { withProgramName } from './program-name.ts'

interface Found {
  readonly name: string
  readonly description: string
  readonly command: AnyCommand
  readonly rawArgs: readonly string[]
}

/**
 * Finds the command, parses its arguments and runs it. `createCli` receives the options that all commands share. Returns
 * the exit status. Throws what the command throws.
 */
export async function runCli(
  root: AnyCommand,
  about: { readonly name: string; readonly description: string },
  rawArgs: readonly string[],
  createCli: (options: GlobalOptions) => Cli,
): Promise<number> {
  const cli = createCli(readGlobals(rawArgs))
  if (rawArgs.length === 1 && ['--version', '-v'].includes(rawArgs[0] ?? '')) {
    cli.out.line(await readVersion())
    return exitStatus.held
  }
  // `unhappy help inject` means `unhappy inject --help`.
  const asked = rawArgs[0] === 'help' ? [...rawArgs.slice(1), '--help'] : rawArgs
  const found = await find(root, about, asked)
  if (wantsHelp(found.rawArgs)) {
    cli.out.line(helpText(found.command, found, { output: cli.out, program: cli.program }))
    return exitStatus.held
  }
  if (found.command.run === undefined) {
    // An unknown option gets its error message. A page of help would hide it.
    void parseCommandLine(found.command, found.name, found.rawArgs)
    cli.err.line(helpText(found.command, found, { output: cli.err, program: cli.program }))
    return exitStatus.badInput
  }
  const { command, name, rawArgs: given } = found
  const args = parseCommandLine(command, name, command.readsRawArguments === true ? [] : given)
  return (await found.command.run({ args, rawArgs: given, cli })) ?? exitStatus.held
}

export interface GlobalOptions {
  readonly json: boolean
  readonly noColour: boolean
  readonly slot: number | undefined
}

/** Reads the options that all commands share. The error about an unknown command needs them already. */
export function readGlobals(rawArgs: readonly string[]): GlobalOptions {
  const own = beforeDashes(rawArgs)
  const at = own.findIndex((arg) => arg === '--sandbox' || arg.startsWith('--sandbox='))
  const text = at < 0 ? undefined : own[at]?.includes('=') ? own[at]?.slice(10) : own[at + 1]
  if (at >= 0 && !/^\d{1,2}$/.test(text ?? ''))
    throw new InputError(`"${text ?? ''}" is not a valid value for --sandbox.`, {
      remedy:
        'Use the number of a sandbox, for example --sandbox 1. List the running ones: unhappy status',
    })
  return {
    json: own.includes('--json'),
    noColour: own.includes('--no-color'),
    slot: text === undefined ? undefined : Number(text),
  }
}

async function find(
  root: AnyCommand,
  about: { readonly name: string; readonly description: string },
  rawArgs: readonly string[],
): Promise<Found> {
  let found: Found = { ...about, command: root, rawArgs }
  for (;;) {
    const { subCommands } = found.command
    if (subCommands === undefined) return found
    const at = indexOfName(found.rawArgs, found.command.args ?? {})
    const name = found.rawArgs[at]
    if (name === undefined || found.command.argumentForm?.test(name) === true) return found
    const entry = lookUp(subCommands, name, found)
    if (entry === undefined) return found
    found = {
      name: `${found.name} ${name}`,
      description: entry.description,
      command: await entry.load(),
      rawArgs: found.rawArgs.toSpliced(at, 1),
    }
  }
}

function lookUp(
  subCommands: CommandList,
  name: string,
  found: Found,
): CommandList[string] | undefined {
  const entry = Object.hasOwn(subCommands, name) ? subCommands[name] : undefined
  if (entry !== undefined) return entry
  const error = unknownName(
    found.command.subCommandNoun ?? 'command',
    name,
    Object.keys(subCommands),
  )
  throw new InputError(error.message, { remedy: `${error.remedy ?? ''} See: ${found.name} --help` })
}

/** The position of the first word that is neither an option nor the value of one; -1 if there is none. */
function indexOfName(rawArgs: readonly string[], args: ArgsDef): number {
  const known: ArgsDef = { ...args, ...globalArgs }
  for (let i = 0; i < rawArgs.length; i++) {
    const arg = rawArgs[i] ?? ''
    if (arg === '--') return -1
    const type = arg.startsWith('--') ? known[arg.slice(2)]?.type : undefined
    if (type === 'string' || type === 'enum') i++
    else if (!arg.startsWith('-')) return i
  }
  return -1
}

function wantsHelp(rawArgs: readonly string[]): boolean {
  const own = beforeDashes(rawArgs)
  return own.includes('--help') || own.includes(`-${globalArgs.help.alias}`)
}

function beforeDashes(rawArgs: readonly string[]): readonly string[] {
  const end = rawArgs.indexOf('--')
  return end < 0 ? rawArgs : rawArgs.slice(0, end)
}

/** The message and the remedy for the user. With `debug` the message includes the stack. */
export function errorText(
  error: unknown,
  options: { readonly debug: boolean; readonly program: string },
): { message: string; remedy?: string } {
  const message =
    options.debug && error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error)
  if (!(error instanceof InputError) || error.remedy === undefined) return { message }
  return { message, remedy: withProgramName(error.remedy, options.program) }
}
