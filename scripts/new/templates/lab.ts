import { camelCase, type Part } from '../part.ts'

export interface LabChoices {
  readonly track: string
  readonly seam: string
  readonly service: string
  /** The shop's own version of the seam, with imports that work from a lab. */
  readonly shopFile: string
}

const variants = [
  'start',
  'near-misses/first-guess',
  'near-misses/second-guess',
  'alternatives/other-design',
]

/** A lab on one seam. Every version starts as a copy of the shop's own file. */
export function labPart(id: string, choices: LabChoices): Part {
  const folder = `labs/${choices.track}/${id}`
  return {
    files: [
      { file: `${folder}/lab.ts`, text: description(id, choices) },
      { file: `${folder}/lab.test.ts`, text: test(id) },
      { file: `${folder}/scenario.yaml`, text: scenario },
      { file: `${folder}/README.md`, text: page(id, sections, afterLink(id)) },
      { file: `${folder}/after.md`, text: page(id, sectionsAfter) },
      ...['now', 'later'].flatMap((step) => [
        { file: `${folder}/transfer/${step}/code.ts`, text: unfamiliarCode },
        { file: `${folder}/transfer/${step}/question.yaml`, text: unfamiliarQuestion },
      ]),
      ...variants.map((variant) => ({
        file: `${folder}/${variant}/${choices.seam}.ts`,
        text: `// TODO: ${variant}\n${choices.shopFile}`,
      })),
    ],
    index: {
      file: 'labs/index.ts',
      importLine: `import { ${camelCase(id)} } from './${choices.track}/${id}/lab.ts'`,
      entry: `  ${camelCase(id)},`,
      end: ']',
    },
    next: [
      `${folder}: replace each TODO (grep -rn TODO ${folder}). docs/writing-a-lab.md explains each file.`,
      'labs/index.ts: move the line to its place in the teaching order.',
      'npm run docs',
      `npm run verify -- --only labs/${id}, then delete ${folder}/lab.test.ts`,
    ],
  }
}

const description = (id: string, { track, seam, service }: LabChoices): string =>
  `import { defineLab } from '#chaos/contracts/lab.ts'

export const ${camelCase(id)} = defineLab({
  id: '${id}',
  track: '${track}',
  title: 'TODO: what the lab is about',
  goal: 'TODO: the property that must hold.',
  breaks: 'TODO: what breaks',
  lesson: 'TODO: what the learner learns',
  minutes: 30,
  seams: [{ seam: '${seam}', service: '${service}' }],
  fails: 'availability',
  nearMisses: [
    { name: 'first-guess', fails: 'availability', because: 'TODO: why it is wrong.' },
    { name: 'second-guess', fails: 'availability', because: 'TODO: why it is wrong.' },
  ],
  alternatives: ['other-design'],
  prediction: {
    question: 'TODO: what will the client see?',
    answers: ['TODO: right', 'TODO: wrong', 'TODO: wrong'],
    right: 0,
    because: 'TODO: why.',
  },
  hints: ['TODO: weak', 'TODO: stronger', 'TODO: strong'],
  learned: ['TODO: first lesson.', 'TODO: second lesson.'],
})
`

const test = (id: string): string => `import { expect, test } from 'vitest'

test('TODO: every version of ${id} has the verdict that lab.ts claims', () => {
  expect.fail('TODO: npm run verify -- --only labs/${id}; delete this file when it passes.')
})
`

const scenario = `# yaml-language-server: $schema=../../../docs/scenario.schema.json
title: 'TODO: what happens'
description: 'TODO: what fails, and what keeps working.'
steadyState: 1.5s
recovery: 10s
workload:
  browse: 20/s
  orders: 4/s
  duration: 4s
method:
  # TODO: the fault, or a trap on one message.
  - at: 500ms
    inject: { latency: { link: 'api-*:payments', latencyMs: 400 } }
    for: 3s
expect:
  # TODO: the check that the starting version violates, and a floor for doing no work.
  - availability: { of: place-order, atLeast: 0.99 }
`

const unfamiliarCode = `// TODO: the same failure mode, 15 to 40 lines, not about a shop. Remove this line.
import type { Pool } from 'pg'

export async function lend(
  db: Pool,
  publish: (text: string) => Promise<void>,
  book: string,
): Promise<void> {
  await db.query('INSERT INTO loans (book) VALUES ($1)', [book])
  await publish(JSON.stringify({ book }))
}
`

const unfamiliarQuestion = `title: 'TODO: what the code does'
setting: 'TODO: what the code runs in, and what excludes other failures.'
messages:
  - at: INSERT INTO loans
    says: 'TODO: a name for this message'
  - at: await publish(
    says: 'TODO: a name for this message'
    right: true
choices:
  - id: right-one
    says: 'TODO: what can go wrong.'
    right: true
  - id: wrong-one
    says: 'TODO: what cannot go wrong.'
    wrong: 'TODO: why it cannot.'
  - id: wrong-two
    says: 'TODO: what cannot go wrong.'
    wrong: 'TODO: why it cannot.'
  - id: nothing
    says: 'TODO: why a reader may think that the code is right.'
    wrong: 'TODO: why it is not.'
explanation: 'TODO: what happens, and what would prevent it.'
elsewhere: ['TODO: where else it appears']
`

const sections: Readonly<Record<string, string>> = {
  Story: 'TODO: what happened to a team like yours.',
  Goal: 'TODO: the property that must hold, and each promise of the seam in one sentence.',
  Predict: 'TODO: the question and its answers.',
  Run: 'TODO: the commands and their real output.',
  Look: 'TODO: where the learner looks.',
  Explain: 'TODO: what happens, message by message. No fix.',
  Fix: 'TODO: what the file can use. No fix.',
  Check: 'TODO: the command.',
}

/** These sections give the solution away. */
const sectionsAfter: Readonly<Record<string, string>> = {
  'Fixes that look right and fail': 'TODO: `first-guess` and `second-guess`.',
  'Trade-off': 'TODO: what the fix costs, measured.',
  'The five lenses':
    'TODO: Contract, Source of truth, The failure mode that will come back, Blast radius, Trade-off.',
  'Go further': 'TODO: questions and sources.',
}

const afterLink = (id: string): string =>
  `When it holds, compare with the shop (\`npx unhappy lab solution ${id}\`) and read
[after.md](after.md) (\`npx unhappy lab after ${id}\`). **Both give the solution away.**
`

const page = (id: string, parts: Readonly<Record<string, string>>, end = ''): string =>
  [
    `# TODO: title of ${id}`,
    ...Object.entries(parts).map(([title, text]) => `## ${title}\n\n${text}`),
    end,
  ].join('\n\n')
