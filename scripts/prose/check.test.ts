import { expect, test } from 'vitest'

import { createProseCheck, phrases } from './check.ts'
import type { ProseFinding } from './check.ts'

const check = createProseCheck()

/** Phrases from the list, in every kind of text. */
const planted: Readonly<Record<string, string>> = {
  'docs/page.md': `# A page for whoever reads

134 of 160 requests got no yes, and for
ever after nobody
knew it.

| column | the means to look |
|---|---|
| x | it is no valid seed |

- mend the code; what could not be undone is listed
- every order looks alike

\`\`\`sh
unhappy traffic      # so that a fault has somebody to hit
\`\`\`

\`\`\`
 VIOLATED   the client is told 500 after 52 ms
\`\`\`
`,
  'chaos/code.ts': `// The link is made new in their
// stead, and so is the other one.
/**
 * Waits until everything is
 * at rest.
 */
const stayed = 'silent links stay so also after the fault is gone'
throw new Error(\`The run \${id} has the sandbox, and it belongs into \${place}.\`)
export const remedy =
  'hit nothing: there was ' + 'none of what it is aimed at'
test('a lease wants to be renewed', () => {})
`,
  'chaos/page.tsx': `export const view = (
  <p title="It makes an end of the run">
    The shop is <b>quiet</b>, and the log is at hand.
  </p>
)
`,
  'labs/scenario.yaml': `# A timeout does not count
# as a failure: it stands beside it.
title: the news reaches the worker
steps:
  - 'how many times so many' # seen with its own eyes
`,
  'run.sh': `# Ends the stack; asks nobody.
echo "what is broken now"
`,
  Dockerfile: `# For whoever stands in front
FROM scratch
`,
  'schema.sql': `-- Nothing that is sent arrives, and
-- people who look are told.
SELECT 1;
`,
}

const places = [
  'docs/page.md:1:14 whoever',
  'docs/page.md:3:21 got no yes',
  'docs/page.md:3:37 for ever',
  'docs/page.md:4:12 nobody',
  'docs/page.md:7:12 the means to',
  'docs/page.md:9:10 is no valid',
  'docs/page.md:11:3 mend',
  'docs/page.md:11:36 undone',
  'docs/page.md:12:15 looks alike',
  'docs/page.md:15:44 somebody to hit',
  'docs/page.md:19:24 is told 500',
  'chaos/code.ts:1:25 in their stead',
  'chaos/code.ts:5:4 at rest',
  'chaos/code.ts:7:30 stay so also after',
  'chaos/code.ts:8:32 has the sandbox',
  'chaos/code.ts:8:56 belongs into',
  'chaos/code.ts:10:4 hit nothing',
  'chaos/code.ts:10:32 none of what it',
  'chaos/code.ts:11:15 wants to be',
  'chaos/page.tsx:2:16 makes an end of',
  'chaos/page.tsx:3:20 quiet',
  'chaos/page.tsx:3:43 is at hand',
  'labs/scenario.yaml:1:13 does not count as',
  'labs/scenario.yaml:2:20 stands beside',
  'labs/scenario.yaml:3:8 the news',
  'labs/scenario.yaml:5:15 times so many',
  'labs/scenario.yaml:5:37 with its own eyes',
  'run.sh:1:19 asks nobody',
  'run.sh:2:12 is broken now',
  'Dockerfile:1:3 For whoever stands in front',
]

const also = [
  'schema.sql:1:4 Nothing that',
  'schema.sql:2:4 people who',
  'schema.sql:2:20 are told',
]

const found = Object.entries(planted).flatMap(([file, text]) => check(file, text))

function place({ file, line, column, found: phrase }: ProseFinding): string {
  return `${file}:${line}:${column} ${phrase}`
}

test('all planted phrases are found in their places, and no others', () => {
  expect(places).toHaveLength(30)
  expect(found.map(place)).toEqual([...places, ...also])
})

test('every finding has a replacement', () => {
  expect(found.filter(({ write }) => write === '')).toEqual([])
  expect(found.find(({ found: phrase }) => phrase === 'got no yes')?.write).toBe(
    'failed; succeeded',
  )
})

test.each(phrases)('the phrase $find is found in its example only', ({ example, fine, write }) => {
  const rules = (text: string) => check('page.md', `${text}\n`).map((one) => one.write)
  expect(rules(example)).toContain(write)
  expect(rules(fine ?? '')).not.toContain(write)
})

test('names, options and addresses in Markdown are not checked', () => {
  const page = 'Use `nobody` or --quiet, see [the page](https://example.org/undo/nobody).\n'
  expect(check('page.md', page)).toEqual([])
})

const code = [
  "import { undo } from './undo.ts'",
  "type Reason = 'for ever'",
  'const nobody = undo(somebody)',
  "const key = { quiet: nobody, 'mend': 1 }",
  'const a = view.undo.somebody',
  "const query = 'SELECT calm FROM people WHERE undone = 1 FOR UPDATE'",
  'const tag = <p className="quiet calm">{undo}</p>',
]

test.each(code)('code is not checked: %s', (line) => {
  expect(check('code.tsx', `${line}\n`)).toEqual([])
})

test('a value in a template does not hide a phrase around it', () => {
  const line = 'f(`wait ${nobody} until ${a(`all is quiet ${b} now`)} is at rest`)\n'
  expect(check('code.ts', line).map(place)).toEqual(['code.ts:1:37 quiet', 'code.ts:1:58 at rest'])
})

test('the Story of a lab may say nobody; the rest of its page may not', () => {
  const page = '## Story\n\nNobody looked.\n\n## Goal\n\nNobody looked.\n'
  expect(check('labs/x/README.md', page).map(place)).toEqual(['labs/x/README.md:7:1 Nobody'])
})

test('a file that does not parse is an error', () => {
  expect(() => check('code.ts', "const = 'for ever'")).toThrow('code.ts')
})

test('a word that is in no dictionary is a finding, with similar words', () => {
  const [one, ...others] = check(
    'page.md',
    'The `availabilty` of readProduct has an availabilty.\n',
  )
  expect(one).toMatchObject({ rule: 'spelling', column: 41, found: 'availabilty' })
  expect(one?.write).toContain('availability')
  expect(others).toEqual([])
})

test('strings of a test may contain misspelled names', () => {
  expect(check('a.test.ts', "expect(load('a plaec order')).rejects()\n")).toEqual([])
  expect(check('a.ts', "load('a plaec order')\n").map(({ rule }) => rule)).toEqual(['spelling'])
})
