import { prose } from './pages.ts'

/** A command line that a page shows: `npx unhappy up --detach` as words, without what a shell does with it. */
export type ShownCommand = readonly string[]

/**
 * Every command line of ours that a page shows, in a fenced block or in backticks: `unhappy ...` (also behind npx, docker
 * compose exec, and as a remedy in real output), `npm ...` and `node file.ts`.
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

/** Words as a shell makes them; placeholders such as `...` end a line. */
function wordsOf(part: string): readonly string[] {
  const words = [...part.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
  const end = words.findIndex((word) => word === '...' || word === '>' || word === '-')
  return end < 0 ? words : words.slice(0, end)
}

/** Before it stand only what runs it: environment, npx, docker. */
function isCommandAt(words: readonly string[], at: number): boolean {
  const before = words.slice(0, at)
  const runs = before.every((word) => /^(npx|[A-Z_]+=.*|\$|sudo)$/.test(word))
  return runs || before.join(' ').startsWith('docker compose exec') || before.at(-1) === 'npx'
}
