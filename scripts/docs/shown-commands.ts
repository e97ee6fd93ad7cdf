import { prose } from './pages.ts'

/** The words of a command line: `npx unhappy up --detach` is `unhappy`, `up`, `--detach`. */
export type ShownCommand = readonly string[]

/**
 * The project's command lines that a page shows, in a fence or in backticks: `unhappy ...` (with npx or docker
 * compose exec, and in output), `npm ...` and `node file.ts`.
 */
export function shownCommands(text: string): readonly ShownCommand[] {
  const fenced = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```$/gm)].flatMap(([, body = '']) =>
    body.split('\n'),
  )
  const quoted = [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return [...fenced, ...quoted].flatMap((line) => commandsOf(line))
}

/** `docker compose exec chaos unhappy status | less   # look` is `unhappy status`. */
function commandsOf(line: string): readonly ShownCommand[] {
  const withoutComment = line.replace(/\s#\s.*$|^\s*#\s.*$/, '')
  return withoutComment.split(/&&|\|\||[|;]/).flatMap((part) => {
    const words = wordsOf(part)
    const at = words.findIndex((word) => ['unhappy', 'npm', 'node'].includes(word))
    return at >= 0 && isCommandAt(words, at) ? [words.slice(at)] : []
  })
}

/** The words as a shell splits them. A placeholder such as `...` ends the line. */
function wordsOf(part: string): readonly string[] {
  const words = [...part.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
  const end = words.findIndex((word) => word === '...' || word === '>' || word === '-')
  return end < 0 ? words : words.slice(0, end)
}

/** Whether the words before the command only run it: environment variables, npx, docker. */
function isCommandAt(words: readonly string[], at: number): boolean {
  const before = words.slice(0, at)
  const runs = before.every((word) => /^(npx|[A-Z_]+=.*|\$|sudo)$/.test(word))
  return runs || before.join(' ').startsWith('docker compose exec') || before.at(-1) === 'npx'
}
