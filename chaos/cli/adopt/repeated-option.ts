/** Every value of an option that may be given several times: `--file a`, `--file=a`, `-f a`. */
export function repeatedOption(
  rawArgs: readonly string[],
  name: string,
  alias?: string,
): readonly string[] {
  return rawArgs.flatMap((arg, at) => {
    if (arg === `--${name}` || (alias !== undefined && arg === `-${alias}`))
      return rawArgs[at + 1] ?? []
    return arg.startsWith(`--${name}=`) ? [arg.slice(name.length + 3)] : []
  })
}
