import { execFileSync } from 'node:child_process'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { nothing, readTransfer } from '#chaos/exercise/transfer/read-transfer.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { labs } from './index.ts'

const steps = ['now', 'later'] as const
const questions = await Promise.all(
  labs.flatMap((lab) =>
    steps.map(async (step) => ({ id: lab.id, step, transfer: await readTransfer(lab, step) })),
  ),
)

/** The shop's own subject: the learner must recognise the failure mode without it. */
const shopWords = /\b(shop|orders?|payments?|charges?|products?|sku|stock|ledger)\b/i

test.each(questions)('the code of $id, $step, is short, parses and is not the shop', (question) => {
  const { code } = question.transfer
  const lines = code.trimEnd().split('\n')
  expect(lines.length).toBeGreaterThanOrEqual(15)
  expect(lines.length).toBeLessThanOrEqual(40)
  expect(stripTypeScriptTypes(code)).not.toBe('')
  expect(code.replaceAll(/ORDER BY/g, '')).not.toMatch(shopWords)
})

test.each(questions)('$id, $step, has one right answer and a reason for each other', (question) => {
  const { messages, choices, right, wrong } = question.transfer
  const ids = choices.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.at(-1)).toBe(nothing)
  expect(ids).toContain(right.choice)
  expect(wrong.map(({ choice }) => choice).toSorted()).toEqual(
    ids.filter((id) => id !== right.choice).toSorted(),
  )
  // A learner who marks any message must be able to be wrong.
  expect(right.messages.length).toBeLessThan(messages.length)
  expect(new Set(messages.map(({ line }) => line)).size).toBe(messages.length)
})

test.each(questions)('the texts of $id, $step, fit on a screen', ({ transfer }) => {
  const { setting, explanation, choices, wrong } = transfer
  expect(setting.length).toBeLessThanOrEqual(600)
  expect(explanation.length).toBeLessThanOrEqual(900)
  for (const { says } of choices) expect(says.length).toBeLessThanOrEqual(130)
  for (const { because } of wrong) expect(because.length).toBeLessThanOrEqual(160)
})

test('in about a fifth of the questions nothing is wrong, in both steps', () => {
  const fine = questions.filter(({ transfer }) => transfer.right.choice === nothing)
  expect(fine.length / questions.length).toBeGreaterThan(0.15)
  expect(fine.length / questions.length).toBeLessThan(0.3)
  expect(new Set(fine.map(({ step }) => step)).size).toBe(steps.length)
})

test('no place in the list of choices is right much more often than the others', () => {
  const places = questions
    .filter(({ transfer }) => transfer.right.choice !== nothing)
    .map(({ transfer }) => transfer.choices.findIndex(({ id }) => id === transfer.right.choice))
  for (const place of new Set(places))
    expect(places.filter((one) => one === place).length / places.length).toBeLessThan(0.4)
})

test('the code is formatted', () => {
  const oxfmt = join(projectRoot, 'node_modules', 'oxfmt', 'bin', 'oxfmt')
  const check = (): string =>
    execFileSync(process.execPath, [oxfmt, '--check', 'labs/*/*/transfer/*/code.ts'], {
      cwd: projectRoot,
      encoding: 'utf8',
    })
  expect(check).not.toThrow()
})
